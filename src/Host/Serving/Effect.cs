
namespace Supervisor.Host.Serving;

/// <summary>What a decision wants done. Beginning one never blocks and never fails: its outcome comes back as a <see cref="HostEvent"/>.</summary>
internal abstract record Effect
{
    /// <summary>
    /// Ends in <see cref="HostEvent.Launched"/>, <see cref="HostEvent.LaunchFailed"/> or <see cref="HostEvent.PortTaken"/>, always exactly one.
    /// A server that was launched is probed until it ends, where the service defines readiness.
    /// </summary>
    internal sealed record Start(Launch Launch) : Effect;

    /// <summary>The stop sequence; ends in <see cref="HostEvent.Died"/>.</summary>
    internal sealed record Drain(int Generation) : Effect;

    /// <summary>Cuts the grace period of a stop sequence short.</summary>
    internal sealed record KillNow(int Generation) : Effect;

    internal sealed record SendSignal(int Generation, int Signal) : Effect;

    internal sealed record Validate(int Number) : Effect;

    internal sealed record CancelValidation(int Number) : Effect;

    internal sealed record LookAtPort : Effect;

    /// <summary>A line of the restart ledger, of the host's own log, and of the output that viewers see.</summary>
    internal sealed record Note(LedgerEntry Entry) : Effect;

    internal sealed record Answer(long Ticket, ServiceOutcome Outcome) : Effect;

    /// <summary>The loop ends.</summary>
    internal sealed record Leave : Effect;
}
