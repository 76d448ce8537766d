namespace Supervisor.Unit.Watcher.Crawling;

public sealed class SavedFileSpecs : IDisposable
{
    private readonly WatchedTree _tree = new();

    [Fact]
    public async Task A_saved_file_is_told_once()
    {
        _tree.Write("f.py", "one");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = RunningWatcher.Start(_tree, parent);
        await watcher.FlushAsync();

        _tree.Write("f.py", "two");
        await watcher.FlushAsync();

        parent.Names.Should().Equal(_tree["f.py"]);
        parent.Model.Should().Equal(_tree.Read());
    }

    [Fact]
    public async Task Five_hundred_directories_with_a_file_written_at_once_lose_none()
    {
        var parent = new ModelParent(_tree.Root);
        await using var watcher = RunningWatcher.Start(_tree, parent);
        await watcher.FlushAsync();

        for (var i = 0; i < 500; i++)
            _tree.Write($"d{i}/f", "content");

        await watcher.FlushAsync();

        parent.Model.Should().HaveCount(500);
        parent.Model.Should().Equal(_tree.Read());
    }

    public void Dispose() => _tree.Dispose();
}
