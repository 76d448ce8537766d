
namespace Supervisor.Host.StateMachine;

/// <summary>An action that a decision requests. Starting it neither blocks nor fails: its outcome comes back as a <see cref="HostEvent"/>.</summary>
internal abstract record Effect
{
    /// <summary>
    /// Always ends in exactly one <see cref="HostEvent.Spawned"/>, <see cref="HostEvent.SpawnFailed"/>, <see cref="HostEvent.Lacking"/> or <see
    /// cref="HostEvent.PortTaken"/>. If the service defines readiness, a spawned server is probed until it is ready, and its health is then checked until it ends.
    /// </summary>
    internal sealed record Start(StartAttempt Attempt) : Effect;

    /// <summary>Runs the stop command, if the service has one, and the stop sequence; ends in <see cref="HostEvent.ServerExited"/>.</summary>
    internal sealed record Drain(int Generation) : Effect;

    /// <summary>Ends the grace period of a stop sequence now.</summary>
    internal sealed record KillNow(int Generation) : Effect;

    /// <summary>While no server runs; ends in <see cref="HostEvent.StopCommandEnded"/>.</summary>
    internal sealed record RunStopCommand : Effect;

    /// <summary>Ends its grace period now.</summary>
    internal sealed record KillStopCommand : Effect;

    internal sealed record SendSignal(int Generation, int Signal) : Effect;

    /// <summary>
    /// Ends in <see cref="HostEvent.BuildPassed"/> or <see cref="HostEvent.BuildFailed"/>, after the changes of files that were noticed until its end; or in
    /// nothing once it is cancelled.
    /// </summary>
    internal sealed record Build(int Number) : Effect;

    internal sealed record CancelBuild(int Number) : Effect;

    internal sealed record Validate(int Number) : Effect;

    internal sealed record CancelValidation(int Number) : Effect;

    internal sealed record CheckPort : Effect;

    /// <summary>Ends in <see cref="HostEvent.LackChecked"/>.</summary>
    internal sealed record CheckLack : Effect;

    /// <summary>Writes an entry to the restart ledger, to the host's log and to the output that viewers see.</summary>
    /// <param name="Ended">The start or reload that this entry ends; null: it ends none.</param>
    internal sealed record WriteLedger(LedgerEntry Entry, EndedChange? Ended = null) : Effect;

    internal sealed record CompleteTicket(long Ticket, ServiceOutcome Outcome) : Effect;

    /// <summary>Ends the loop.</summary>
    internal sealed record Shutdown : Effect;
}
