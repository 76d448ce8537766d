using System.Collections.Immutable;
using Supervisor.Supervision;

namespace Supervisor.Host.StateMachine;

/// <summary>The state of the service and what the host keeps across states.</summary>
internal sealed record HostSnapshot(HostState State, ServiceRecord Record);

/// <summary>What a decision may use besides the snapshot.</summary>
/// <param name="Random01">A random number in [0, 1), for the jitter.</param>
internal sealed record StepContext(ServiceSpec Spec, Timestamp Now, double Random01)
{
    /// <summary>Somebody may type at the server's terminal: it may be at a breakpoint, and what it does not do in time says nothing.</summary>
    public bool IsHeld { get; init; }
}

/// <summary>The result of a step while it is built: the snapshot and the effects so far. Immutable.</summary>
internal sealed record Transition(HostState State, ServiceRecord Record, ImmutableList<Effect> Effects, StepContext Context)
{
    public TimeSpan Now => Context.Now.Monotonic;

    public Transition WithState(HostState state) => this with { State = state };

    public Transition WithEffect(Effect effect) => this with { Effects = Effects.Add(effect) };

    public Transition WithRecord(Func<ServiceRecord, ServiceRecord> change) => this with { Record = change(Record) };

    /// <summary>Adds an entry to the restart ledger.</summary>
    public Transition WithLedgerEntry(
        string what, Cause cause, string? detail = null, int? pid = null, ExitStatus? exit = null, long? downtimeMs = null,
        IReadOnlyList<string>? files = null, ExitEvidence? evidence = null, EndedChange? ended = null, DateTimeOffset? at = null) =>
        WithEffect(new Effect.WriteLedger(
            new LedgerEntry(at ?? Context.Now.Wall, what, cause.Word(), Record.Generation, pid, files ?? [], exit, detail, downtimeMs, evidence), ended));

    /// <summary>For a manual request: earlier failures do not count any more.</summary>
    public Transition WithoutFailures() => WithRecord(record => record with { History = RestartHistory.Empty });

    /// <summary>A change allows one start out of a crash loop; a failure before a stable run leads back to it.</summary>
    public Transition WithProbation() => WithRecord(record => record with { History = record.History.Probation() });

    /// <summary>Sets what makes the service act.</summary>
    public Transition WithLastChange(Cause cause, IReadOnlyList<string> files, Timestamp since) => WithRecord(record => record with
    {
        LastChange = new TrackedChange(new LastChange(cause.Word(), files, since.Wall, DurationMs: null), since.Monotonic, Begun: Now),
    });

    /// <summary>The service has finished acting on the change, successfully or not.</summary>
    public Transition WithChangeEnded() => WithRecord(record => record with { LastChange = record.LastChange?.ClosedAt(Now) });
}
