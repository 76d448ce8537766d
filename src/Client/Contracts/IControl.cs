using PolyType;
using StreamJsonRpc;

namespace Supervisor.Client;

/// <summary>
/// The control pipe: the parent's public API, for the command line and other clients. JSON-RPC 2.0 in <c>Content-Length</c> frames; parameters may be
/// named or positional, in the order given here. An unknown service is answered with <see cref="ErrorCode.NoSuchService"/>.
/// </summary>
[JsonRpcContract, GenerateShape(IncludeMethods = MethodShapeFlags.PublicInstance)]
public partial interface IControl
{
    [JsonRpcMethod("supervisor/status")]
    Task<StatusReport> StatusAsync(CancellationToken cancellationToken = default);

    /// <summary>Starts services and, before them, what they depend on. Answered when each is ready (running without a probe) or has failed.</summary>
    /// <param name="services">null or empty: every service.</param>
    /// <param name="dependencies">false: without what they depend on, and without waiting for it.</param>
    [JsonRpcMethod("supervisor/start")]
    Task<Outcomes> StartAsync(IReadOnlyList<string>? services = null, bool dependencies = true, CancellationToken cancellationToken = default);

    /// <summary>Stops services (dependants first), or without names the whole tree, whose parent then answers and exits.</summary>
    /// <param name="services">null or empty: the whole tree.</param>
    /// <param name="now">Skip the grace period.</param>
    [JsonRpcMethod("supervisor/stop")]
    Task<Outcomes> StopAsync(IReadOnlyList<string>? services = null, bool now = false, CancellationToken cancellationToken = default);

    /// <summary>Answered with each service's outcome. <c>watcher</c> names the watcher.</summary>
    /// <param name="services">null or empty: every service.</param>
    /// <param name="force">Skip build and validation.</param>
    [JsonRpcMethod("supervisor/restart")]
    Task<Outcomes> RestartAsync(IReadOnlyList<string>? services = null, bool force = false, CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads the configuration file again and applies the difference: starts added services, stops removed ones, restarts changed ones and touches no
    /// other. Answered when each of them is up, gone or has failed. A file with mistakes changes nothing (<see cref="ErrorCode.InvalidConfiguration"/>).
    /// </summary>
    /// <param name="preview">Answer with the difference and change nothing.</param>
    [JsonRpcMethod("supervisor/reload")]
    Task<ReloadAnswer> ReloadAsync(bool preview = false, CancellationToken cancellationToken = default);

    /// <summary>Answered when every named service is in the wanted state, when one of them cannot reach it, or when the time is over.</summary>
    /// <param name="state">
    /// ready; stopped (a service that is down because it has failed cannot reach that); completed (a task has ended with success); its name on the wire is <c>for</c>.</param>
    /// <param name="timeoutMs">null: no limit (the caller may cancel).</param>
    [JsonRpcMethod("supervisor/wait")]
    Task<WaitAnswer> WaitAsync(
        IReadOnlyList<string> services, string state = "ready", long? timeoutMs = null, CancellationToken cancellationToken = default);

    /// <summary>The restart ledger's last entries, oldest first. <c>watcher</c> names the watcher.</summary>
    /// <param name="last">How many entries, 1 to 1,000.</param>
    [JsonRpcMethod("supervisor/why")]
    Task<Ledger> WhyAsync(string service, int last = 20, CancellationToken cancellationToken = default);

    /// <summary>Answered once every change saved before it has been delivered and its reload has ended.</summary>
    /// <param name="deliveredOnly">Waits for no reload and hurries no change: answered, without outcomes, once the services know of the changes.</param>
    [JsonRpcMethod("supervisor/flush")]
    Task<Outcomes> FlushAsync(bool deliveredOnly = false, CancellationToken cancellationToken = default);

    /// <summary>
    /// Keeps every change back until it is released, so that a build or a generator causes one batch at its end. Answered as soon as it is in effect.
    /// Ends with its holder (the named process, or else this connection), at the latest when its time is over.
    /// </summary>
    /// <param name="name">One hold per name; the same holder may renew its hold.</param>
    /// <param name="pid">The process that holds changes; null: this connection.</param>
    /// <param name="timeoutMs">1 to 86,400,000.</param>
    [JsonRpcMethod("supervisor/hold")]
    Task<HoldStatus> HoldAsync(
        string name = Holds.DefaultName, int? pid = null, long timeoutMs = Holds.DefaultTimeoutMs, CancellationToken cancellationToken = default);

    /// <summary>Ends one hold, whoever the holder is, or all holds. Changes are delivered when none is left.</summary>
    /// <param name="name">null: every hold.</param>
    [JsonRpcMethod("supervisor/release")]
    Task<HoldList> ReleaseAsync(string? name = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// From now on this connection gets <see cref="Notifications.Board"/>; a slow reader gets only the newest. The answer is the current board.
    /// </summary>
    [JsonRpcMethod("supervisor/subscribe")]
    Task<StatusReport> SubscribeAsync(CancellationToken cancellationToken = default);

    /// <summary>Answers where a service's output is; the parent does not carry it.</summary>
    [JsonRpcMethod("supervisor/introduce")]
    Task<Introduction> IntroduceAsync(string service, CancellationToken cancellationToken = default);

    /// <summary>This connection owns the tree from now on: when it ends, the tree stops.</summary>
    [JsonRpcMethod("supervisor/own")]
    Task<StatusReport> OwnAsync(CancellationToken cancellationToken = default);
}

/// <summary>What a subscriber of the control pipe receives. The members of a <see cref="StatusReport"/> are the named parameters.</summary>
[JsonRpcContract, GenerateShape(IncludeMethods = MethodShapeFlags.PublicInstance)]
public partial interface IBoardSubscriber
{
    [JsonRpcMethod(Notifications.Board)]
    Task BoardAsync(TreeStatus tree, WatcherStatus watcher, IReadOnlyList<ServiceStatus> services, CancellationToken cancellationToken);
}

/// <summary>Names of the messages that have no answer.</summary>
public static class Notifications
{
    /// <summary>From the parent to its subscribers: the board has changed.</summary>
    public const string Board = "supervisor/board";

    /// <summary>From a host to its parent: at every change of its status, and every 2 s as a heartbeat unless the parent reads <see cref="HostWelcome.Heartbeat"/>.</summary>
    public const string HostStatus = "parent/status";

    /// <summary>From a watcher to its parent: every 2 s from the work loop, and at every change of phase. 6 s of silence is suspect, 10 s is hung.</summary>
    public const string Heartbeat = "parent/heartbeat";

    /// <summary>From a watcher to its parent: a problem for the user (a watch limit reached, an unreadable directory, a stale lock).</summary>
    public const string Warning = "parent/warning";
}

/// <summary>Default values of a hold.</summary>
public static class Holds
{
    public const string DefaultName = "hold";
    public const long DefaultTimeoutMs = 600_000;
}

/// <param name="Result">ok, timed-out or failed.</param>
public sealed record WaitAnswer(string Result, string Message, IReadOnlyList<ServiceStatus> Services);

/// <param name="Pipe">Path of the host's pipe; speak <see cref="IHostOutput"/> there.</param>
/// <param name="LogFile">Path of the newest log file; older ones carry a number after the name.</param>
public sealed record Introduction(string Service, string Pipe, string LogFile);

/// <param name="Holds">The released holds.</param>
public sealed record HoldList(IReadOnlyList<HoldStatus> Holds);

/// <param name="Doubt">Of a flush: what it could not prove, as text; null: nothing.</param>
public sealed record Outcomes(IReadOnlyList<ServiceOutcome> Services, string? Doubt = null);
