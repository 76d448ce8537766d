using PolyType;
using StreamJsonRpc;

namespace Supervisor.Client;

/// <summary>
/// The requests of a parent to a host. The parent dials the host's pipe and says hello first. A host obeys the highest epoch it has seen: a
/// hello with a higher one ends every older parent's link, a lower one is refused with <see cref="ErrorCode.Outdated"/>.
/// </summary>
[JsonRpcContract, GenerateShape(IncludeMethods = MethodShapeFlags.PublicInstance)]
public partial interface IHost
{
    [JsonRpcMethod("host/hello")]
    Task<HostWelcome> HelloAsync(HostHello hello, CancellationToken cancellationToken);

    /// <summary>Answered once accepted; the outcome appears in the status. Idempotent: a running service keeps running.</summary>
    [JsonRpcMethod("host/start")]
    Task<ServiceStatus> StartAsync(StartOrder order, CancellationToken cancellationToken);

    /// <summary>Answered once the server and everything it started are gone. A second stop with <see cref="StopOrder.Now"/> ends the grace period.</summary>
    [JsonRpcMethod("host/stop")]
    Task<ServiceStatus> StopAsync(StopOrder order, CancellationToken cancellationToken);

    /// <summary>Answered with the outcome: ready (or running), or refused by build or validation, or failed.</summary>
    [JsonRpcMethod("host/restart")]
    Task<ServiceOutcome> RestartAsync(RestartOrder order, CancellationToken cancellationToken);

    /// <summary>Answered once the host has recorded the change: from then on the host is responsible for the reload. Harmless twice (by cursor).</summary>
    [JsonRpcMethod("host/changed")]
    Task ChangedAsync(ChangeOrder order, CancellationToken cancellationToken);

    /// <summary>Answered once no recorded change waits for validation or reload, and a reload in progress has ended, with or without success.</summary>
    [JsonRpcMethod("host/settled")]
    Task<ServiceStatus> SettledAsync(CancellationToken cancellationToken);

    /// <summary>The restart ledger's last entries, oldest first.</summary>
    [JsonRpcMethod("host/why")]
    Task<Ledger> WhyAsync(int last, CancellationToken cancellationToken);

    /// <summary>Stop the server, remove what is on disk for this run, answer, exit with 0.</summary>
    [JsonRpcMethod("host/shutdown")]
    Task ShutdownAsync(StopOrder order, CancellationToken cancellationToken);
}

/// <summary>Notifications of a host to the parent that said hello.</summary>
[JsonRpcContract, GenerateShape(IncludeMethods = MethodShapeFlags.PublicInstance)]
public partial interface IParentOfHost
{
    [JsonRpcMethod(Notifications.HostStatus)]
    Task StatusAsync(ServiceStatus status, CancellationToken cancellationToken);
}

/// <param name="Epoch">Number of this parent, higher than that of every parent before it.</param>
/// <param name="OrphanGrace">How long to serve after this parent's link has ended; null: for ever.</param>
public sealed record HostHello(int OldestProtocol, int NewestProtocol, string Build, long Epoch, int ParentPid, TimeSpan? OrphanGrace);

/// <param name="SpecHash">Of the spec this host serves (<see cref="HostLaunch.SpecHash"/>): a parent that wants another one replaces the host.</param>
/// <param name="Heartbeat">
/// The descriptor, in the host, of memory into which it beats once the parent has written its epoch there. null: there is none, so every 2 s its status is
/// sent as a heartbeat.
/// </param>
public sealed record HostWelcome(int Protocol, string Build, int Pid, string SpecHash, ServiceStatus Status, int? Heartbeat = null);

/// <param name="Cause">manual, dependency, autostart, files.</param>
public sealed record StartOrder(string Cause);

/// <param name="Now">Skip the grace period: kill the tree.</param>
public sealed record StopOrder(bool Now);

/// <param name="Force">Skip build and validation.</param>
public sealed record RestartOrder(bool Force, string Cause);

/// <summary>The part of a batch for one service; see <see cref="ServiceChange"/>.</summary>
/// <param name="Watch">The service's present watch rules: they may change while its host runs. null: those of its start.</param>
/// <param name="HeardUntil">See <see cref="ChangeBatch"/>.</param>
public sealed record ChangeOrder(
    string Cursor, DateTimeOffset At, IReadOnlyList<string> Files, int More, bool LostTrack, UnseenSpan? Unseen = null, WatchSpec? Watch = null,
    TimeSpan? HeardUntil = null)
{
    private const int MaxFiles = 100;

    // A reload for an actual change covers unseen spans too.
    private bool IsChange => Unseen is null;

    /// <summary>Both in one order, with the cursor of the later one.</summary>
    public ChangeOrder MergedWith(ChangeOrder later)
    {
        var files = Files.Union(later.Files, StringComparer.Ordinal).ToArray();

        return new ChangeOrder(
            later.Cursor, later.At, files.Length > MaxFiles ? files[..MaxFiles] : files, More + later.More + Math.Max(0, files.Length - MaxFiles),
            LostTrack || later.LostTrack, IsChange || later.IsChange ? null : UnseenSpan.Union(Unseen, later.Unseen), later.Watch,
            HeardUntil is null ? null : later.HeardUntil);
    }
}

/// <summary>The outcome of a command for one service.</summary>
/// <param name="Succeeded">The service reached the state that the command asked for.</param>
/// <param name="Message">For people: what happened, and what to do next where it failed.</param>
public sealed record ServiceOutcome(string Service, bool Succeeded, string Message, ServiceStatus? Status);

public sealed record Ledger(string Service, IReadOnlyList<LedgerEntry> Entries);

/// <summary>
/// One line of a restart ledger: a start, a refusal, a failure or a stop, with its cause. The watcher's ledger has started, failed and stopped, and
/// in between trimmed (over 60 % of its memory cap) and throttled (at its CPU cap), once each time; its causes are autostart, crash, hung, memory,
/// recycle, cpu, link, spawn, manual and parent, its generation is its epoch.
/// </summary>
/// <param name="Event">started, ready, reloaded, refused, held, unhealthy, healthy, failed, crash-loop, blocked, stopped, completed, adopted.</param>
/// <param name="Cause">files, envFile, crash, host, oom, probe, health, manual, dependency, build, validation, autostart, port.</param>
/// <param name="DowntimeMs">How long no server was ready, if this entry ends such a time.</param>
/// <param name="Evidence">Of the end of a server that nobody asked for; null: this entry is no such end.</param>
public sealed record LedgerEntry(
    DateTimeOffset At, string Event, string Cause, int Generation, int? Pid, IReadOnlyList<string> Files,
    ExitStatus? Exit, string? Detail, long? DowntimeMs, ExitEvidence? Evidence = null);

/// <summary>What is known about the end of a server that nobody asked for, besides its <see cref="ExitStatus"/>.</summary>
/// <param name="Line">The line of its output that most probably says why, at most 200 characters; null: none does.</param>
/// <param name="Output">
/// Its last lines that were not empty, oldest first: at most 20 of at most 300 bytes, without colours. An answer has them for the newest ends only.
/// </param>
/// <param name="PeakMemoryBytes">
/// The most memory that its processes held together in a sample (every 2 to 10 s), or that one of them ever held; null: not known: not much, or its host died with it.
/// </param>
/// <param name="ChangedFiles">At most 20 files that changed within the 10 minutes before; relative to the configuration's folder.</param>
/// <param name="ChangedAt">When the newest of these changes arrived; null: there is none.</param>
public sealed record ExitEvidence(
    string? Line, IReadOnlyList<string> Output, long? PeakMemoryBytes, IReadOnlyList<string> ChangedFiles, DateTimeOffset? ChangedAt);

/// <summary>Everything a host needs at its start, in the file that its only argument names. The listening socket is inherited descriptor 3.</summary>
/// <param name="StatePath">The host's own file about itself and its server (<c>hosts/SERVICE.json</c>), for the process that must clean up after it.</param>
/// <param name="LogFolder">Folder for the server's output and the ledger.</param>
/// <param name="ConfigFolder">Paths shown to people are relative to it.</param>
/// <param name="Tag">Value of SUPERVISOR_TAG in the server's environment: marks every process of the service.</param>
/// <param name="KillRung">The kill ladder's rung that the parent chose at start; see the Processes library.</param>
/// <param name="ScopePath">Folder of the service's cgroup, for the rungs that have one.</param>
/// <param name="Source">Where the host reads the service again when an env file has changed; null: it has no env file.</param>
public sealed record HostLaunch(
    ServiceSpec Spec, string SpecHash, string SocketPath, string StatePath, string LogFolder, string ConfigFolder,
    string Tag, string KillRung, string? ScopePath, ConfigurationSource? Source = null);
