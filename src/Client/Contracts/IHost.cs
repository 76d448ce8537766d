using PolyType;
using StreamJsonRpc;

namespace Supervisor.Client;

/// <summary>
/// What a parent asks of a host. The parent dials the host's pipe and says hello first. A host obeys the highest epoch it has seen: a
/// hello with a higher one ends every older parent's link, a lower one is refused with <see cref="ErrorCode.Outdated"/>.
/// </summary>
[JsonRpcContract, GenerateShape(IncludeMethods = MethodShapeFlags.PublicInstance)]
public partial interface IHost
{
    [JsonRpcMethod("host/hello")]
    Task<HostWelcome> HelloAsync(HostHello hello, CancellationToken cancellationToken);

    /// <summary>Answered once accepted; the outcome shows in the status. Idempotent: a service that runs goes on.</summary>
    [JsonRpcMethod("host/start")]
    Task<ServiceStatus> StartAsync(StartOrder order, CancellationToken cancellationToken);

    /// <summary>Answered once the server and everything it started are gone. A second stop with <see cref="StopOrder.Now"/> cuts the grace short.</summary>
    [JsonRpcMethod("host/stop")]
    Task<ServiceStatus> StopAsync(StopOrder order, CancellationToken cancellationToken);

    /// <summary>Answered with the outcome: ready (or running), or refused by validation, or failed.</summary>
    [JsonRpcMethod("host/restart")]
    Task<ServiceOutcome> RestartAsync(RestartOrder order, CancellationToken cancellationToken);

    /// <summary>Answered once the change is recorded in the host: from then on the host owes the reload. Harmless twice (by cursor).</summary>
    [JsonRpcMethod("host/changed")]
    Task ChangedAsync(ChangeOrder order, CancellationToken cancellationToken);

    /// <summary>Answered once no recorded change waits for validation or reload, and a reload that was under way has ended, well or badly.</summary>
    [JsonRpcMethod("host/settled")]
    Task<ServiceStatus> SettledAsync(CancellationToken cancellationToken);

    /// <summary>The restart ledger's last entries, oldest first.</summary>
    [JsonRpcMethod("host/why")]
    Task<Ledger> WhyAsync(int last, CancellationToken cancellationToken);

    /// <summary>Stop the server, remove what is on disk for this run, answer, exit with 0.</summary>
    [JsonRpcMethod("host/shutdown")]
    Task ShutdownAsync(StopOrder order, CancellationToken cancellationToken);
}

/// <summary>What a host tells the parent that greeted it: nobody answers.</summary>
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
public sealed record HostWelcome(int Protocol, string Build, int Pid, string SpecHash, ServiceStatus Status);

/// <param name="Cause">manual, dependency, autostart, files.</param>
public sealed record StartOrder(string Cause);

/// <param name="Now">Skip the grace period: kill the tree.</param>
public sealed record StopOrder(bool Now);

/// <param name="Force">Skip validation.</param>
public sealed record RestartOrder(bool Force, string Cause);

/// <summary>One service's share of a batch; see <see cref="ServiceChange"/>.</summary>
public sealed record ChangeOrder(
    string Cursor, DateTimeOffset At, IReadOnlyList<string> Files, int More, bool LostTrack, UnseenSpan? Unseen = null);

/// <summary>What became of a command, service by service.</summary>
/// <param name="Succeeded">The service came to where the command wanted it.</param>
/// <param name="Message">For people: what happened, and what to do next where it failed.</param>
public sealed record ServiceOutcome(string Service, bool Succeeded, string Message, ServiceStatus? Status);

public sealed record Ledger(string Service, IReadOnlyList<LedgerEntry> Entries);

/// <summary>
/// One line of a restart ledger: a start, a refusal, a failure or a stop, with its cause. The watcher's has started, failed and stopped, and between them
/// trimmed (over 60 % of its memory cap) and throttled (at its CPU cap), once each time; its causes are autostart, crash, hung, memory, recycle, cpu, link,
/// spawn, manual and parent, its generation is its epoch.
/// </summary>
/// <param name="Event">started, ready, reloaded, refused, held, failed, crash-loop, blocked, stopped, completed, adopted.</param>
/// <param name="Cause">files, crash, oom, probe, manual, dependency, validation, autostart, port.</param>
/// <param name="DowntimeMs">How long no server was ready, where this entry ended such a time.</param>
public sealed record LedgerEntry(
    DateTimeOffset At, string Event, string Cause, int Generation, int? Pid, IReadOnlyList<string> Files,
    ExitStatus? Exit, string? Detail, long? DowntimeMs);

/// <summary>Everything a host needs at birth, in the file that its only argument names. The listening socket is inherited descriptor 3.</summary>
/// <param name="StatePath">The host's own file about itself and its server (<c>hosts/SERVICE.json</c>), for whoever must clean up after it.</param>
/// <param name="LogFolder">Folder for the server's output and the ledger.</param>
/// <param name="ConfigFolder">What is shown to people is relative to it.</param>
/// <param name="Tag">Value of SUPERVISOR_TAG in the server's environment: marks every process of the service.</param>
/// <param name="KillRung">The kill ladder's rung that the parent chose at start; see the Processes library.</param>
/// <param name="ScopePath">Folder of the service's cgroup, for the rungs that have one.</param>
public sealed record HostLaunch(
    ServiceSpec Spec, string SpecHash, string SocketPath, string StatePath, string LogFolder, string ConfigFolder,
    string Tag, string KillRung, string? ScopePath);
