using System.Diagnostics;
using Supervisor.Tree.Harness;

namespace Supervisor.Unit.Watcher.Crawling;

/// <summary>What no kernel tells, and what was not known of a file that nobody has touched yet: both are found while nothing else is to be done.</summary>
public sealed class AuditSpecs : IDisposable
{
    private const string MapAndStay =
        "import mmap, sys; f = open(sys.argv[1], 'r+b'); m = mmap.mmap(f.fileno(), 0); m[0:5] = b'after'; print('written', flush=True); sys.stdin.read()";

    private readonly WatchedTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public async Task The_first_rewrite_of_a_file_with_the_bytes_that_it_always_had_is_no_change()
    {
        for (var file = 0; file < 40; file++)
            _tree.Write($"sources/{file}", $"never changed {file}");

        await OldEnoughAsync();
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await WatchingAsync(parent);
        await parent.BeatenAsync(parent.Beats.Count + 3);

        for (var file = 0; file < 40; file++)
            _tree.Write($"sources/{file}", $"never changed {file}");

        _tree.Write("changed", "proof that it listens");
        await watcher.FlushAsync();

        parent.Names.Should().Equal(_tree["changed"]);
    }

    [Fact]
    public async Task A_file_written_through_a_hard_link_outside_the_tree_is_found()
    {
        _tree.Write("linked", "before");
        await OldEnoughAsync();
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await WatchingAsync(parent);
        var elsewhere = Path.Combine(_tree.Outside, "other-name");
        _tree.Run("ln", _tree["linked"], elsewhere);
        await watcher.FlushAsync();
        parent.Forget();

        await File.WriteAllTextAsync(elsewhere, "written by its other name");

        await parent.ReportedAsync(_tree["linked"]);
        parent.Model.Should().Equal(_tree.Read());
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task A_file_written_through_a_mapping_by_a_process_that_stays_is_found()
    {
        _tree.Write("mapped", "before and much more");
        await OldEnoughAsync();
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await WatchingAsync(parent);
        using var python = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", MapAndStay, _tree["mapped"]])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
        })!;

        try
        {
            (await python.StandardOutput.ReadLineAsync()).Should().Be("written");
            await parent.ReportedAsync(_tree["mapped"]);
            parent.Model.Should().Equal(_tree.Read());
        }
        finally
        {
            python.StandardInput.Close();
            await python.WaitForExitAsync();
        }
    }

    private async Task<RunningWatcher> WatchingAsync(ModelParent parent)
    {
        var watcher = RunningWatcher.Start(_tree, parent);
        await watcher.FlushAsync();
        parent.Forget();
        return watcher;
    }

    /// <summary>What was written within the clock's tick before the crawl is looked at twice: not what this is about.</summary>
    private Task OldEnoughAsync()
    {
        var newest = _tree.Read().Keys.Max(File.GetLastWriteTimeUtc);
        return Wait.UntilAsync(() => DateTime.UtcNow - newest > TimeSpan.FromMilliseconds(50), "the files are older than the crawl");
    }
}
