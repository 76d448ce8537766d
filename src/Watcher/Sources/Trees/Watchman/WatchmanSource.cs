using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json;
using Supervisor.Watcher.Sources.Backends;

namespace Supervisor.Watcher.Sources.Trees.Watchman;

/// <summary>
/// The tree source of one watch path from a Watchman server: its lists of files are hints. A timer asks whether it is alive, because a stopped server is as
/// silent as an idle one, and fetches what the server may have failed to send. Any failure loses the source for good.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class WatchmanSource : ITreeSource
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SyncTimeout = TimeSpan.FromSeconds(4);

    private readonly string _root;
    private readonly string? _socket;
    private readonly Action _arrived;
    private readonly HintBuffer _hints = new();
    private readonly SemaphoreSlim _wakeUp = new(0, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;
    private volatile TreeSourceState _state = new TreeSourceState.Opening();
    private string _watch = "";
    private string? _relative;
    private string? _warning;
    private volatile WatchmanClock _clock = WatchmanClock.None;
    private long _asked;
    private long _answered;

    /// <param name="socket">Null: it is looked for.</param>
    /// <param name="arrived">Called on any thread when there is something to take; must not block.</param>
    public WatchmanSource(string root, string? socket, Action arrived)
    {
        (_root, _socket, _arrived) = (root, socket, arrived);
        _running = Task.Run(() => RunAsync(_stopping.Token), CancellationToken.None);
    }

    public string Backend => BackendChoice.Watchman;

    public bool NeedsAudit => false;

    public TreeSourceState State => _state;

    public bool IsSynchronised => Volatile.Read(ref _answered) >= _asked;

    public IReadOnlyDictionary<string, TreeHintKind> Take(out bool lostTrack) => _hints.Take(out lostTrack);

    public void Synchronise()
    {
        Interlocked.Increment(ref _asked);

        if (_wakeUp.CurrentCount == 0)
            _wakeUp.Release();
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _running.Wait(CancellationToken.None);
        _stopping.Dispose();
        _wakeUp.Dispose();
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);

        try
        {
            var socket = _socket ?? await WatchmanSocket.FindAsync(stopping);
            using var link = await WatchmanLink.ConnectAsync(socket, OnChanges, LoseTrack, stopping);
            var receiving = link.ReceiveAsync(ending.Token);
            var talking = TalkAsync(link, ending.Token);
            await Task.WhenAny(receiving, talking);
            await ending.CancelAsync();
            await Task.WhenAll(receiving, talking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            // The task that failed has the reason; the other one was only cancelled.
            await (receiving.IsFaulted ? receiving : talking);
        }
        catch (WatchmanException exception)
        {
            Lose(exception.Message);
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException)
        {
            Lose("watchman sent an unexpected response");
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private async Task TalkAsync(WatchmanLink link, CancellationToken stopping)
    {
        var version = await link.AskAsync(WatchmanRequest.Version(), stopping);
        RequireVersion(version.GetProperty("version").GetString() ?? "");
        var project = await link.AskAsync(WatchmanRequest.WatchProject(_root), stopping);
        _watch = project.GetProperty("watch").GetString() ?? _root;
        _relative = project.TryGetProperty("relative_path", out var relative) ? relative.GetString() : null;
        _warning = WarningIn(project);
        _clock = WatchmanClock.In(await link.AskAsync(WatchmanRequest.Clock(_watch, SyncTimeout), stopping));
        await link.AskAsync(WatchmanRequest.Subscribe(_watch, _relative, _clock.Text), stopping);
        _state = new TreeSourceState.Listening();
        _arrived();
        await KeepUpAsync(link, stopping);
    }

    private async Task KeepUpAsync(WatchmanLink link, CancellationToken stopping)
    {
        while (true)
        {
            await _wakeUp.WaitAsync(KeepAlive, stopping);
            var asked = Interlocked.Read(ref _asked);
            var timeout = asked > _answered ? SyncTimeout : (TimeSpan?)null;
            await link.AskAsync(WatchmanRequest.Since(_watch, _relative, _clock.Text, timeout), stopping);
            Volatile.Write(ref _answered, asked);
            _arrived();
        }
    }

    private void OnChanges(JsonElement changes)
    {
        if (changes.TryGetProperty("canceled", out _))
            throw new WatchmanException("watchman has cancelled the subscription");

        // Watchman counts its own recrawls in this warning, and repeats it for ever.
        var warning = WarningIn(changes) ?? _warning;

        if (warning != _warning || (changes.TryGetProperty("is_fresh_instance", out var fresh) && fresh.ValueKind == JsonValueKind.True))
            LoseTrack();

        _warning = warning;

        // A subscription repeats what a response has reported before.
        var clock = WatchmanClock.In(changes);

        if (clock.IsAfter(_clock) && changes.TryGetProperty("files", out var files))
        {
            foreach (var file in files.EnumerateArray())
                Add(file);

            _clock = clock;
            _arrived();
        }
    }

    private void Add(JsonElement file)
    {
        var name = file.GetProperty("name").GetString()!;
        var path = $"{(_root == "/" ? "" : _root)}/{name}";

        // Watchman's replacement for a byte that is not UTF-8.
        if (name.AsSpan().IndexOfAny('?', '\uFFFD') >= 0)
            _hints.Add(Path.GetDirectoryName(path)!, TreeHintKind.Within);

        if (!file.GetProperty("exists").GetBoolean())
            _hints.Add(path, TreeHintKind.Gone);
        else if (file.GetProperty("new").GetBoolean())
            _hints.Add(path, TreeHintKind.Appeared);
        else
            _hints.Add(path, TreeHintKind.Changed);
    }

    private void LoseTrack()
    {
        _hints.LoseTrack();
        _arrived();
    }

    private void Lose(string reason)
    {
        _state = new TreeSourceState.Lost(reason);
        _arrived();
    }

    private static string? WarningIn(JsonElement answer) => answer.TryGetProperty("warning", out var warning) ? warning.GetString() : null;

    // Older ones have no reliable synchronisation of queries; newer ones are called by their date (2026.11.16.00).
    private static void RequireVersion(string version)
    {
        if (!Version.TryParse(version, out var parsed) || parsed < new Version(4, 9))
            throw new WatchmanException($"watchman {version} is too old, 4.9 is needed");
    }
}

/// <summary>Watchman's clock, <c>c:STARTED:PID:ROOT:TICK</c>. Only ticks of one run, and of one crawl in it, can be compared.</summary>
internal sealed record WatchmanClock(string Text)
{
    public static readonly WatchmanClock None = new("");

    public static WatchmanClock In(JsonElement answer) => new(answer.GetProperty("clock").GetString() ?? "");

    /// <summary>True also if the order is unknown: a repeated hint is harmless.</summary>
    public bool IsAfter(WatchmanClock other)
    {
        var (run, tick) = Parse(Text);
        var (otherRun, otherTick) = Parse(other.Text);
        return run != otherRun || tick is null || otherTick is null || tick > otherTick;
    }

    private static (string Run, long? Tick) Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon < 0 || !long.TryParse(text.AsSpan(colon + 1), CultureInfo.InvariantCulture, out var tick) ? (text, null) : (text[..colon], tick);
    }
}
