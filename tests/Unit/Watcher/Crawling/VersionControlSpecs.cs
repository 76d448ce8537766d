namespace Supervisor.Unit.Watcher.Crawling;

public sealed class VersionControlSpecs : IDisposable
{
    private readonly WatchedTree _tree = new();

    [Fact]
    public async Task A_checkout_of_many_files_is_one_batch_and_the_repository_itself_is_not_watched()
    {
        Commit("one", "master");
        Git("checkout", "-q", "-b", "other");
        Commit("two", "other");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = RunningWatcher.Start(_tree, parent);
        await watcher.FlushAsync();

        Git("checkout", "-q", "master");
        await parent.ReportedAsync(_tree["d0/f0"]);
        await watcher.FlushAsync();

        var told = parent.Batches.Should().ContainSingle().Which.Services.Should().ContainSingle().Which;
        (told.Files.Count + told.More).Should().Be(1_000);
    }

    [Fact]
    public async Task A_batch_waits_for_the_lock_of_git()
    {
        Git("init", "-q");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = RunningWatcher.Start(_tree, parent);
        await watcher.FlushAsync();

        _tree.Write(".git/index.lock", "");
        _tree.Write("f", "one");
        var flushed = watcher.FlushAsync();
        await watcher.PingAsync();
        flushed.IsCompleted.Should().BeFalse();
        parent.Batches.Should().BeEmpty();

        File.Delete(_tree[".git/index.lock"]);
        await flushed;
        parent.Names.Should().Equal(_tree["f"]);
    }

    public void Dispose() => _tree.Dispose();

    private void Commit(string content, string branch)
    {
        if (content == "one")
            Git("init", "-q", "-b", branch);

        for (var i = 0; i < 1_000; i++)
            _tree.Write($"d{i % 20}/f{i}", content + i);

        Git("add", "-A");
        Git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-q", "-m", content);
    }

    private void Git(params string[] arguments) => _tree.Run("git", arguments);
}
