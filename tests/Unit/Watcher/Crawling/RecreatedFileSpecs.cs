namespace Supervisor.Unit.Watcher.Crawling;

/// <summary>A new file gets the kernel's coarse time and often the number of the one just removed: only its bytes tell it from that one.</summary>
public sealed class RecreatedFileSpecs : IDisposable
{
    private readonly WatchedTree _tree = new();

    [Fact]
    public async Task A_file_recreated_within_one_clock_tick_is_a_modification()
    {
        var parent = new ModelParent(_tree.Root);
        await using var watcher = RunningWatcher.Start(_tree, parent);
        await watcher.FlushAsync();

        for (var i = 0; i < 300; i++)
        {
            _tree.Write("f.py", "one");
            await watcher.FlushAsync();
            File.Delete(_tree["f.py"]);
            _tree.Write("f.py", "two");
            await watcher.FlushAsync();

            parent.Model[_tree["f.py"]].Should().Be("two", "it was saved before the {0}. flush", i);
            File.Delete(_tree["f.py"]);
        }
    }

    public void Dispose() => _tree.Dispose();
}
