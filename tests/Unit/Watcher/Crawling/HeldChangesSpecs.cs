using StreamJsonRpc;

namespace Supervisor.Unit.Watcher.Crawling;

/// <summary>Changes are kept back while somebody builds: what they amount to in the end is one batch.</summary>
public sealed class HeldChangesSpecs : IDisposable
{
    private readonly WatchedTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public async Task A_build_of_a_thousand_writes_is_one_batch_at_its_end()
    {
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await WatchingAsync(parent);
        await watcher.HoldAsync();

        for (var file = 0; file < 1_000; file++)
            _tree.Write($"out/{file % 20}/{file}", "built");

        await watcher.HoldAsync(held: false);
        await watcher.FlushAsync();

        parent.Batches.Should().ContainSingle();
        parent.Model.Should().Equal(_tree.Read());
    }

    [Fact]
    public async Task A_hold_sends_nothing_however_long_it_lasts_and_everything_at_its_end()
    {
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await WatchingAsync(parent);
        await watcher.HoldAsync();
        _tree.Write("first", "one");

        // Longer than any storm may last before it is cut into batches; beats are proof that the loop has turned since.
        await BeatsAsync(parent, 3);
        parent.Batches.Should().BeEmpty();
        _tree.Write("second", "two");
        await watcher.HoldAsync(held: false);
        await watcher.FlushAsync();

        parent.Batches.Should().ContainSingle().Which.Services.Single().Files.Should().Equal(_tree["first"], _tree["second"]);
    }

    [Fact]
    public async Task Files_that_a_build_creates_and_removes_or_restores_are_not_reported()
    {
        _tree.Write("kept", "as it was");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await WatchingAsync(parent);

        // In which the files are hashed.
        await BeatsAsync(parent, 2);
        await watcher.HoldAsync();

        _tree.Write("temporary/object", "gone soon");
        await watcher.PingAsync();
        Directory.Delete(_tree["temporary"], recursive: true);
        File.Delete(_tree["kept"]);
        await BeatsAsync(parent, 1);
        _tree.Write("kept", "as it was");
        _tree.Write("result", "new");
        await watcher.HoldAsync(held: false);
        await watcher.FlushAsync();

        parent.Names.Should().Equal(_tree["result"]);
    }

    [Fact]
    public async Task Hold_and_release_are_idempotent_and_a_hold_cancels_a_pending_release()
    {
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await WatchingAsync(parent);
        await watcher.HoldAsync();
        await watcher.HoldAsync();
        _tree.Write("one", "1");
        await Task.WhenAll(watcher.HoldAsync(held: false), watcher.HoldAsync(held: false), watcher.HoldAsync());
        await BeatsAsync(parent, 2);
        parent.Batches.Should().BeEmpty();

        await watcher.HoldAsync(held: false);
        await watcher.FlushAsync();
        parent.Names.Should().Equal(_tree["one"]);
    }

    [Fact]
    public async Task A_flush_is_refused_while_changes_are_held_and_does_not_hang()
    {
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await WatchingAsync(parent);

        for (var round = 0; round < 20; round++)
        {
            _tree.Write("f", $"{round}");
            var begun = Record.ExceptionAsync(watcher.FlushAsync);
            await watcher.HoldAsync();
            (await begun).Should().Match<Exception?>(end => end == null || end is LocalRpcException, "it may have been quick enough");
            (await Record.ExceptionAsync(watcher.FlushAsync)).Should().BeOfType<LocalRpcException>().Which.ErrorCode.Should().Be(ErrorCode.NotNow);

            await watcher.HoldAsync(held: false);
            await watcher.FlushAsync();
            parent.Model.Should().Equal(_tree.Read());
        }
    }

    [Fact]
    public async Task A_drain_does_not_wait_for_the_end_of_a_hold_and_the_next_watcher_finds_what_was_held()
    {
        var parent = new ModelParent(_tree.Root);

        await using (var first = await WatchingAsync(parent))
        {
            await first.HoldAsync();
            _tree.Write("held", "by the first");
            await BeatsAsync(parent, 1);
            (await first.DrainAsync()).Should().Be((int)ExitCode.Ok);
        }

        parent.Batches.Should().BeEmpty();
        await using var second = RunningWatcher.Start(_tree, parent, with: hello => hello with { Held = true });
        _tree.Write("held too", "by the second");
        await BeatsAsync(parent, 3);
        parent.Batches.Should().BeEmpty("the hold outlives the watcher");
        await second.HoldAsync(held: false);
        await second.FlushAsync();

        parent.Model.Should().Equal(_tree.Read());
        parent.Names.Should().Contain([_tree["held"], _tree["held too"]]);
    }

    [Fact]
    public async Task Held_changes_too_many_for_one_batch_keep_the_watermark_back_until_all_are_sent()
    {
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await WatchingAsync(parent);
        await watcher.HoldAsync();
        var began = DateTimeOffset.UtcNow;

        for (var file = 0; file < 17_000; file++)
            _tree.Write($"many/{file % 30}/{file}", "");

        await watcher.HoldAsync(held: false);
        await watcher.FlushAsync();

        parent.Batches.Should().HaveCountGreaterThan(1);
        parent.Batches[0].ToldUntil.Should().BeBefore(began);
        parent.Batches[^1].ToldUntil.Should().BeNull();
        parent.Model.Should().Equal(_tree.Read());
    }

    /// <summary>With a first batch behind it: what comes then are changes.</summary>
    private async Task<RunningWatcher> WatchingAsync(ModelParent parent)
    {
        var watcher = RunningWatcher.Start(_tree, parent);
        await watcher.FlushAsync();
        parent.Forget();
        return watcher;
    }

    private static Task BeatsAsync(ModelParent parent, int count)
    {
        var seen = parent.Beats.Count;
        return parent.BeatenAsync(seen + count);
    }
}
