using Supervisor.Wire.JsonRpc;

namespace Supervisor.Wire.Contracts;

/// <summary>
/// What a parent asks of a host. The parent dials the host's pipe and says hello first. A host obeys the highest epoch it has seen: a
/// hello with a higher one ends every older parent's link, a lower one is refused with <see cref="ErrorCode.Outdated"/>.
/// </summary>
public static class ParentToHost
{
    public static readonly RpcMethod<HostHello, HostWelcome> Hello =
        new("host/hello", WireJson.Default.HostHello, WireJson.Default.HostWelcome);

    /// <summary>Answered once accepted; the outcome shows in the status. Idempotent: a service that runs goes on.</summary>
    public static readonly RpcMethod<StartOrder, ServiceStatus> Start =
        new("host/start", WireJson.Default.StartOrder, WireJson.Default.ServiceStatus);

    /// <summary>Answered once the server and everything it started are gone. A second stop with <see cref="StopOrder.Now"/> cuts the grace short.</summary>
    public static readonly RpcMethod<StopOrder, ServiceStatus> Stop =
        new("host/stop", WireJson.Default.StopOrder, WireJson.Default.ServiceStatus);

    /// <summary>Answered with the outcome: ready (or running), or refused by validation, or failed.</summary>
    public static readonly RpcMethod<RestartOrder, ServiceOutcome> Restart =
        new("host/restart", WireJson.Default.RestartOrder, WireJson.Default.ServiceOutcome);

    /// <summary>Answered once the change is recorded in the host: from then on the host owes the reload. Harmless twice (by cursor).</summary>
    public static readonly RpcMethod<ChangeOrder, Nothing> Changed =
        new("host/changed", WireJson.Default.ChangeOrder, WireJson.Default.Nothing);

    /// <summary>Answered once no recorded change waits for validation or reload, and a reload that was under way has ended, well or badly.</summary>
    public static readonly RpcMethod<Nothing, ServiceStatus> Settled =
        new("host/settled", WireJson.Default.Nothing, WireJson.Default.ServiceStatus);

    /// <summary>The restart ledger's last entries, oldest first.</summary>
    public static readonly RpcMethod<LedgerQuery, Ledger> Why =
        new("host/why", WireJson.Default.LedgerQuery, WireJson.Default.Ledger);

    /// <summary>Stop the server, remove what is on disk for this run, answer, exit with 0.</summary>
    public static readonly RpcMethod<StopOrder, Nothing> Shutdown =
        new("host/shutdown", WireJson.Default.StopOrder, WireJson.Default.Nothing);
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

public sealed record LedgerQuery(int Last);

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
