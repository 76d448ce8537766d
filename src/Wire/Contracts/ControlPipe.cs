using Supervisor.Wire.JsonRpc;

namespace Supervisor.Wire.Contracts;

/// <summary>The parent's public API, for the command line and anybody else. Parameters may be named or positional, in the records' order.</summary>
public static class ControlPipe
{
    public static readonly RpcMethod<Nothing, StatusReport> Status =
        new("supervisor/status", WireJson.Default.Nothing, WireJson.Default.StatusReport);

    /// <summary>Starts services and, before them, what they depend on. Answered when each is ready (running without a probe) or has failed.</summary>
    public static readonly RpcMethod<StartRequest, Outcomes> Start =
        new("supervisor/start", WireJson.Default.StartRequest, WireJson.Default.Outcomes);

    /// <summary>Stops services (dependants first), or without names the whole tree, whose parent then answers and exits.</summary>
    public static readonly RpcMethod<StopRequest, Outcomes> Stop =
        new("supervisor/stop", WireJson.Default.StopRequest, WireJson.Default.Outcomes);

    /// <summary>Answered with each service's outcome. <c>watcher</c> names the watcher.</summary>
    public static readonly RpcMethod<RestartRequest, Outcomes> Restart =
        new("supervisor/restart", WireJson.Default.RestartRequest, WireJson.Default.Outcomes);

    /// <summary>Answered when every named service is in the wanted state, or one of them cannot get there, or the time is over.</summary>
    public static readonly RpcMethod<WaitRequest, WaitAnswer> Wait =
        new("supervisor/wait", WireJson.Default.WaitRequest, WireJson.Default.WaitAnswer);

    /// <summary><c>watcher</c> names the watcher.</summary>
    public static readonly RpcMethod<WhyRequest, Ledger> Why =
        new("supervisor/why", WireJson.Default.WhyRequest, WireJson.Default.Ledger);

    /// <summary>Answered once every change saved before it has been delivered and its reload has ended.</summary>
    public static readonly RpcMethod<Nothing, Outcomes> Flush =
        new("supervisor/flush", WireJson.Default.Nothing, WireJson.Default.Outcomes);

    /// <summary>
    /// Keeps every change back until it is released: a build or a generator is then one batch, at its end. Answered as soon as it holds. Ends with
    /// its holder: the process that is named, or else this connection; at the latest when its time is over.
    /// </summary>
    public static readonly RpcMethod<HoldRequest, HoldStatus> Hold =
        new("supervisor/hold", WireJson.Default.HoldRequest, WireJson.Default.HoldStatus);

    /// <summary>Ends a hold, whoever holds it, or all of them. Changes flow when none is left.</summary>
    public static readonly RpcMethod<ReleaseRequest, HoldList> Release =
        new("supervisor/release", WireJson.Default.ReleaseRequest, WireJson.Default.HoldList);

    /// <summary>From now on this connection gets <see cref="Board"/> notifications; a slow reader gets only the newest. The answer is the board as it is.</summary>
    public static readonly RpcMethod<Nothing, StatusReport> Subscribe =
        new("supervisor/subscribe", WireJson.Default.Nothing, WireJson.Default.StatusReport);

    /// <summary>Where a service's output is to be had: the parent carries none.</summary>
    public static readonly RpcMethod<IntroduceRequest, Introduction> Introduce =
        new("supervisor/introduce", WireJson.Default.IntroduceRequest, WireJson.Default.Introduction);

    /// <summary>This connection owns the tree from now on: when it ends, the tree stops in order.</summary>
    public static readonly RpcMethod<Nothing, StatusReport> Own =
        new("supervisor/own", WireJson.Default.Nothing, WireJson.Default.StatusReport);

    /// <summary>Sent to subscribers when the board has changed.</summary>
    public static readonly RpcNotification<StatusReport> Board = new("supervisor/board", WireJson.Default.StatusReport);
}

/// <param name="Services">null or empty: every service.</param>
public sealed record StartRequest(IReadOnlyList<string>? Services = null);

/// <param name="Services">null or empty: the whole tree.</param>
/// <param name="Now">Skip the grace period.</param>
public sealed record StopRequest(IReadOnlyList<string>? Services = null, bool Now = false);

/// <param name="Services">null or empty: every service.</param>
/// <param name="Force">Skip validation.</param>
public sealed record RestartRequest(IReadOnlyList<string>? Services = null, bool Force = false);

/// <param name="For">ready or stopped.</param>
/// <param name="TimeoutMs">null: as long as it takes (the caller may cancel).</param>
public sealed record WaitRequest(IReadOnlyList<string> Services, string For = "ready", long? TimeoutMs = null);

/// <param name="Result">ok, timed-out or failed.</param>
public sealed record WaitAnswer(string Result, string Message, IReadOnlyList<ServiceStatus> Services);

/// <param name="Last">How many entries, 1 to 1,000.</param>
public sealed record WhyRequest(string Service, int Last = 20);

public sealed record IntroduceRequest(string Service);

/// <param name="Pipe">Path of the host's pipe; speak <see cref="ViewerToHost"/> there.</param>
/// <param name="LogFile">Path of the newest log file; older ones carry a number after the name.</param>
public sealed record Introduction(string Service, string Pipe, string LogFile);

/// <param name="Name">One hold a name; the same holder may renew its own.</param>
/// <param name="Pid">The process that holds; null: this connection does.</param>
/// <param name="TimeoutMs">1 to 86,400,000.</param>
public sealed record HoldRequest(string Name = HoldRequest.DefaultName, int? Pid = null, long TimeoutMs = HoldRequest.DefaultTimeoutMs)
{
    public const string DefaultName = "hold";
    public const long DefaultTimeoutMs = 600_000;
}

/// <param name="Name">null: every hold.</param>
public sealed record ReleaseRequest(string? Name = null);

/// <param name="Holds">Those that were released.</param>
public sealed record HoldList(IReadOnlyList<HoldStatus> Holds);

/// <param name="Doubt">Of a flush: what it could not prove, in words; null: nothing.</param>
public sealed record Outcomes(IReadOnlyList<ServiceOutcome> Services, string? Doubt = null);
