using Supervisor.Watcher.Sources;

namespace Supervisor.Unit.Watcher.Crawling;

/// <summary>What is as it was when the watcher looks, and was otherwise in between: a server may have read that.</summary>
public sealed class UnseenSpecs : IDisposable
{
    private readonly WatchedTree _tree = new();

    public UnseenSpecs() => _tree.Write("src/f.py", "one");

    [Fact]
    public async Task A_file_created_and_deleted_is_reported_as_a_span_unless_a_stat_saw_it()
    {
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await StartAsync(parent);

        var before = DateTimeOffset.UtcNow;
        ComeAndGo("src/g.py");
        await watcher.FlushAsync();

        Told(parent).Should().NotBeEmpty();
        parent.Unseen.Should().OnlyContain(span => span.Since < before && span.Until > before);
        Told(parent).Should().OnlyContain(change => change.Unseen == null ? change.Files.Single() == _tree["src/g.py"] : change.Files.Count == 0);
    }

    [Fact]
    public async Task A_span_is_omitted_where_a_change_is_reported()
    {
        var parent = new ModelParent(_tree.Root);
        await LiveOnceAsync(parent);

        ComeAndGo("src/g.py");
        _tree.Write("src/f.py", "two");
        await LiveOnceAsync(parent);

        parent.Names.Should().Equal(_tree["src/f.py"]);
        parent.Unseen.Should().BeEmpty();
    }

    [Fact]
    public async Task Files_that_no_service_wants_leave_no_span()
    {
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await StartAsync(parent, Including("**/*.py"));

        ComeAndGo("src/g.tmp");
        await watcher.FlushAsync();

        Told(parent).Should().BeEmpty();
    }

    [Fact]
    public async Task A_file_that_changed_and_changed_back_is_reported()
    {
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await StartAsync(parent);
        _tree.Write("src/f.py", "known");
        await watcher.FlushAsync();
        parent.Forget();

        _tree.Write("src/f.py", "other");
        _tree.Write("src/f.py", "known");
        await watcher.FlushAsync();

        (parent.Unseen.Count + parent.Names.Count()).Should().BePositive();
    }

    [Fact]
    public async Task Reading_and_chmod_leave_no_span()
    {
        var parent = new ModelParent(_tree.Root);
        await using var watcher = await StartAsync(parent);
        _tree.Write("src/f.py", "known");
        await watcher.FlushAsync();
        parent.Forget();

        await File.ReadAllTextAsync(_tree["src/f.py"]);
        _tree.Run("chmod", "600", "src/f.py");
        await watcher.FlushAsync();

        Told(parent).Should().BeEmpty();
    }

    [Fact]
    public async Task A_file_created_and_deleted_while_no_watcher_ran_is_reported_once_by_the_next_one()
    {
        var parent = new ModelParent(_tree.Root);
        await LiveOnceAsync(parent);

        var died = DateTimeOffset.UtcNow;
        ComeAndGo("src/g.py");
        await LiveOnceAsync(parent);

        var span = parent.Unseen.Should().ContainSingle().Subject;
        span.Since.Should().BeBefore(died);
        span.Until.Should().BeAfter(died);
    }

    [Fact]
    public async Task A_file_that_changed_and_changed_back_before_the_next_watcher_is_reported()
    {
        var parent = new ModelParent(_tree.Root);
        await using (var watcher = await StartAsync(parent))
        {
            _tree.Write("src/f.py", "known");
            await watcher.FlushAsync();
        }

        parent.Forget();
        _tree.Write("src/f.py", "other");
        _tree.Write("src/f.py", "known");
        await LiveOnceAsync(parent);

        parent.Names.Should().BeEmpty();
        parent.Unseen.Should().ContainSingle();
    }

    [Fact]
    public async Task A_directory_created_and_deleted_while_no_watcher_ran_is_reported_to_its_services()
    {
        _tree.Write("other/f.py", "one");
        Func<WatcherHello, WatcherHello> two = hello => hello with
        {
            Subscriptions = [RunningWatcher.Subscribe("a", _tree["src"]), RunningWatcher.Subscribe("b", _tree["other"])],
        };
        var parent = new ModelParent(_tree.Root);
        await LiveOnceAsync(parent, two);
        var toldUntil = await Settled();

        _tree.Write("src/new/g.py", "one");
        Directory.Delete(_tree["src/new"], recursive: true);
        await LiveOnceAsync(parent, hello => two(toldUntil(hello)));

        Told(parent).Select(change => change.Service).Should().Equal("a");
    }

    [Fact]
    public async Task A_root_missing_before_and_after_may_have_existed_while_no_watcher_ran()
    {
        Func<WatcherHello, WatcherHello> missing = hello => hello with { Subscriptions = [RunningWatcher.Subscribe("a", _tree["missing"])] };
        var parent = new ModelParent(_tree.Root);
        await LiveOnceAsync(parent, missing);

        ComeAndGo("missing/f.py");
        Directory.Delete(_tree["missing"]);
        await LiveOnceAsync(parent, missing);

        Told(parent).Should().ContainSingle().Which.Unseen.Should().NotBeNull();
    }

    [Fact]
    public async Task The_death_of_a_watcher_alone_reports_nothing()
    {
        var parent = new ModelParent(_tree.Root);
        await LiveOnceAsync(parent);

        await LiveOnceAsync(parent, await Settled());

        Told(parent).Should().BeEmpty();
    }

    [Fact]
    public async Task A_pending_span_of_a_dead_watcher_is_reported_by_the_next_one()
    {
        var parent = new ModelParent(_tree.Root);
        Func<WatcherHello, WatcherHello> toldUntil;

        await using (var watcher = await StartAsync(parent))
        {
            _tree.Write("src/f.py", "known");
            await watcher.FlushAsync();
            toldUntil = await Settled();
            parent.Forget();
            parent.FateOf = _ => BatchOutcome.Lost;

            _tree.Write("src/f.py", "known");

            while (parent.AllBatches.Count == 0)
                await parent.BeatenAsync(parent.Beats.Count + 1);
        }

        parent.Forget();
        parent.FateOf = null;
        await LiveOnceAsync(parent, toldUntil);

        Told(parent).Should().NotBeEmpty("while it was written it was empty");
    }

    [Fact]
    public async Task Polling_finds_files_created_and_deleted_too()
    {
        var parent = new ModelParent(_tree.Root);
        var toldUntil = await Settled();
        await using var watcher = await StartAsync(parent, hello => toldUntil(hello) with { Degraded = true });

        ComeAndGo("src/g.py");
        await watcher.FlushAsync();

        Told(parent).Should().NotBeEmpty();
    }

    [Fact]
    public async Task A_span_within_lost_events_is_reported_after_the_recrawl()
    {
        var parent = new ModelParent(_tree.Root) { Server = new ModelServer(_tree.Root) };
        await using var watcher = await StartAsync(parent, limits: new SourceLimits(BufferedBytes: 64));
        parent.Forget();

        for (var i = 0; i < 500; i++)
            ComeAndGo($"src/{i}.py");

        await watcher.FlushAsync();

        Told(parent).Should().NotBeEmpty();
        parent.Server.Served.Should().Equal(_tree.Read());
    }

    public void Dispose() => _tree.Dispose();

    private static IEnumerable<ServiceChange> Told(ModelParent parent) => parent.AllBatches.SelectMany(batch => batch.Services);

    private static Func<WatcherHello, WatcherHello> Including(string glob) => hello => hello with
    {
        Subscriptions = [.. hello.Subscriptions.Select(subscription => subscription with { Watch = subscription.Watch with { Include = [glob] } })],
    };

    private void ComeAndGo(string name)
    {
        _tree.Write(name, "for a moment");
        File.Delete(_tree[name]);
    }

    /// <summary>A moment at which everything had been told, and before which by the tick of the kernel's clock everything was written.</summary>
    private static async Task<Func<WatcherHello, WatcherHello>> Settled()
    {
        var written = DateTimeOffset.UtcNow;

        while (DateTimeOffset.UtcNow - written < TimeSpan.FromMilliseconds(60))
            await Task.Yield();

        var told = DateTimeOffset.UtcNow;
        return hello => hello with { Baseline = hello.Baseline with { Watermark = told } };
    }

    private async Task<RunningWatcher> StartAsync(
        ModelParent parent, Func<WatcherHello, WatcherHello>? with = null, SourceLimits? limits = null)
    {
        var watcher = RunningWatcher.Start(_tree, parent, limits, with);
        await watcher.FlushAsync();
        return watcher;
    }

    private async Task LiveOnceAsync(ModelParent parent, Func<WatcherHello, WatcherHello>? with = null)
    {
        await using var watcher = await StartAsync(parent, with);
    }
}
