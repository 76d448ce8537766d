using Supervisor.Host.Ports;

namespace Supervisor.Host.Serving;

/// <summary>What can happen to a host. Whoever notices posts it to the loop; events about a run or a validation that is over change nothing.</summary>
internal abstract record HostEvent
{
    internal sealed record StartAsked(Cause Cause) : HostEvent;

    internal sealed record StopAsked(long Ticket, bool Now) : HostEvent;

    internal sealed record RestartAsked(long Ticket, bool Force, Cause Cause) : HostEvent;

    /// <summary>Stop the server, then end this process.</summary>
    internal sealed record LeaveAsked(long Ticket, bool Now) : HostEvent;

    internal sealed record SettledAsked(long Ticket) : HostEvent;

    /// <param name="Files">As shown to people.</param>
    internal sealed record Changed(string Cursor, IReadOnlyList<string> Files) : HostEvent;

    /// <summary>Nothing has changed, but a server that read its files within the span may have read something else.</summary>
    internal sealed record Unseen(string Cursor, UnseenSpan Span) : HostEvent;

    internal sealed record Launched(int Generation, int Pid, int? Port) : HostEvent;

    /// <param name="Transient">Worth another try by itself (no memory, no process to be had).</param>
    internal sealed record LaunchFailed(int Generation, bool Transient, string Reason) : HostEvent;

    internal sealed record PortTaken(int Generation, PortHolder Holder) : HostEvent;

    /// <param name="Holder">null: the port is free.</param>
    internal sealed record PortSeen(PortHolder? Holder) : HostEvent;

    internal sealed record ProbeSucceeded(int Generation) : HostEvent;

    /// <summary>Before the first success: why the server is not ready. After it: the probe has missed too often.</summary>
    internal sealed record ProbeMissed(int Generation, string Reason) : HostEvent;

    internal sealed record Died(int Generation, ServerEnd End) : HostEvent;

    internal sealed record ValidationPassed(int Number) : HostEvent;

    internal sealed record ValidationRefused(int Number, string Reason) : HostEvent;

    /// <summary>The deadline that <see cref="Deadlines"/> named has passed.</summary>
    internal sealed record Tick : HostEvent;
}
