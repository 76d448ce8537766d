using Supervisor.Tree.Harness;
using Supervisor.Unit.Watcher.Crawling;
using Supervisor.Unit.Watcher.Sources;
using Supervisor.Watcher.Sources;

namespace Supervisor.Unit.Watcher.Backends;

/// <summary>A real Watchman server, and what happens when it is not what it should be: it is never needed.</summary>
public sealed class WatchmanSpecs : IAsyncLifetime
{
    private readonly WatchedTree _tree = new();
    private ModelParent _parent = null!;
    private WatchmanServer? _server;

    public Task InitializeAsync()
    {
        _tree.Write("a/f", "one");
        _parent = new ModelParent(_tree.Root);
        return Task.CompletedTask;
    }

    [NeedsFact("watchman")]
    public async Task It_watches_a_watch_path_that_is_a_link()
    {
        Directory.CreateSymbolicLink(_tree["current"], _tree["a"]);
        var parent = new ModelParent(_tree["current"]);
        _server = await WatchmanServer.StartAsync();
        await using var watcher = await StartAsync(parent, hello => hello with { Subscriptions = [RunningWatcher.Subscribe("web", _tree["current"])] });

        _tree.Write("a/f", "two");
        await parent.ReportedAsync(_tree["current/f"]);
    }

    [NeedsFact("watchman")]
    public async Task It_reports_each_save_once()
    {
        _server = await WatchmanServer.StartAsync();
        await using var watcher = await StartAsync(_parent);

        for (var i = 0; i < 5; i++)
        {
            _parent.Forget();
            _tree.Write("a/f", $"{i}");
            await watcher.FlushAsync();
            _parent.Names.Should().Equal(_tree["a/f"]);
            _parent.Model.Should().Equal(_tree.Read());
        }

        _parent.Beats.Last().Resyncs!.Backend.Should().Be(1, "it was lost track of when the server was found, and never after");
    }

    [NeedsFact("watchman")]
    public async Task When_it_is_killed_inotify_takes_over_until_it_is_back()
    {
        _server = await WatchmanServer.StartAsync();
        await using var watcher = await StartAsync(_parent);

        _server.Kill();
        _tree.Write("a/f", "two");
        _tree.Write("b/g", "two");
        await _parent.ReportedAsync(_tree["a/f"], _tree["b/g"]);
        await BackendAsync("inotify");
        _parent.Beats.Last().Roots.Should().ContainSingle().Which.Reason.Should().Contain("watchman");
        _parent.Warnings.Should().Contain(warning => warning.Contains("watchman's server has gone"));

        await _server.BeginAsync();
        await BackendAsync("watchman");
        _tree.Write("a/f", "three");
        await watcher.FlushAsync();
        _parent.Model.Should().Equal(_tree.Read());
    }

    [NeedsFact("watchman")]
    public async Task When_it_hangs_a_flush_still_holds_and_inotify_takes_over()
    {
        _server = await WatchmanServer.StartAsync();
        await using var watcher = await StartAsync(_parent);

        _server.Freeze();
        _tree.Write("a/f", "two");
        await watcher.FlushAsync();
        _parent.Model.Should().Equal(_tree.Read());

        await BackendAsync("inotify");
        _tree.Write("a/f", "three");
        await _parent.ReportedAsync(_tree["a/f"]);
        _parent.Warnings.Should().Contain(warning => warning.Contains("did not answer within 5 s"));
        _server.Thaw();
    }

    [NeedsFact("watchman")]
    public async Task When_it_loses_track_everything_is_read_again()
    {
        _server = await WatchmanServer.StartAsync();
        await using var watcher = await StartAsync(_parent);
        var resyncs = _parent.Beats.Last().Resyncs!.Backend;

        _server.Recrawl(_tree.Root);
        await Eventually.BeAsync(() => _parent.Beats.Last().Resyncs!.Backend > resyncs);

        _tree.Write("a/f", "two");
        await watcher.FlushAsync();
        _parent.Model.Should().Equal(_tree.Read());
        await BackendAsync("watchman");
    }

    [NeedsFact("watchman")]
    public async Task A_name_that_silences_it_is_still_reported()
    {
        _server = await WatchmanServer.StartAsync();
        await using var watcher = await StartAsync(_parent);

        // Watchman 4.9 cannot put it into JSON and says nothing more on that connection.
        _tree.Run("/bin/sh", "-c", "printf one > \"$(printf 'bad\\377.txt')\"");

        await Eventually.BeAsync(() => _parent.Names.Any(name => name.Contains("bad", StringComparison.Ordinal)));
        _tree.Run("/bin/sh", "-c", "rm bad*");
    }

    [Fact]
    public async Task Without_a_server_inotify_is_used_and_one_warning_says_how_to_start_one()
    {
        await using var watcher = Start(_parent, "/nowhere/sock", with: null);
        await watcher.FlushAsync();

        await Eventually.BeAsync(() => _parent.Beats.Last().Roots!.Single().Reason is not null);
        _tree.Write("a/f", "two");
        await _parent.ReportedAsync(_tree["a/f"]);

        _parent.Beats.Last().Backend.Should().Be("inotify");
        _parent.Warnings.Should().ContainSingle().Which.Should().Contain("watchman get-sockname");
    }

    [Theory]
    [InlineData("""{"version":"4.5.0"}""", "watchman 4.5.0 is too old, 4.9 is needed")]
    [InlineData("""{"version":"4.9.0","error":"no such command"}""", "watchman refuses: no such command")]
    [InlineData("""{"greeting":"hello"}""", "watchman sent an unexpected response")]
    [InlineData("what?", "watchman did not answer within 5 s")]
    public async Task An_incompatible_server_is_not_used(string answer, string reason)
    {
        await using var server = new AnsweringSocket(answer);
        await using var watcher = Start(_parent, server.Path, with: null);
        await watcher.FlushAsync();

        await Eventually.BeAsync(() => _parent.Warnings.Any(warning => warning.Contains(reason)));
        _tree.Write("a/f", "two");
        await _parent.ReportedAsync(_tree["a/f"]);
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();

        _tree.Dispose();
    }

    private async Task<RunningWatcher> StartAsync(ModelParent parent, Func<WatcherHello, WatcherHello>? with = null)
    {
        var watcher = Start(parent, _server!.Socket, with);
        await BackendAsync("watchman", parent);
        await watcher.FlushAsync();
        return watcher;
    }

    private RunningWatcher Start(ModelParent parent, string socket, Func<WatcherHello, WatcherHello>? with) => RunningWatcher.Start(
        _tree, parent, new SourceLimits { WatchmanSocket = socket, RetryPause = TimeSpan.FromMilliseconds(300) },
        hello => (with?.Invoke(hello) ?? hello) with { Settings = hello.Settings with { Backend = WatchBackend.Watchman } });

    private Task BackendAsync(string shown) => BackendAsync(shown, _parent);

    private static Task BackendAsync(string shown, ModelParent parent) =>
        Eventually.BeAsync(() => parent.Beats.LastOrDefault() is { Phase: WatcherPhase.Watching } beat && beat.Backend == shown);
}
