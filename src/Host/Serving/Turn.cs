using System.Collections.Immutable;
using Supervisor.Supervision;

namespace Supervisor.Host.Serving;

/// <summary>Where the service is and what the host remembers.</summary>
internal sealed record Situation(HostState State, ServiceRecord Record);

/// <summary>What a decision may look at besides the situation.</summary>
/// <param name="Chance">A random number in [0, 1), for the jitter.</param>
internal sealed record Circumstances(ServiceSpec Spec, Moment Now, double Chance);

/// <summary>One step in the making: the situation so far, and the effects so far. Immutable.</summary>
internal sealed record Turn(HostState State, ServiceRecord Record, ImmutableList<Effect> Effects, Circumstances At)
{
    public TimeSpan Now => At.Now.Monotonic;

    public Turn To(HostState state) => this with { State = state };

    public Turn Do(Effect effect) => this with { Effects = Effects.Add(effect) };

    public Turn Remember(Func<ServiceRecord, ServiceRecord> change) => this with { Record = change(Record) };

    /// <summary>Writes a line of the restart ledger.</summary>
    public Turn Note(
        string what, Cause cause, string? detail = null, int? pid = null, ExitStatus? exit = null, long? downtimeMs = null,
        IReadOnlyList<string>? files = null) =>
        Do(new Effect.Note(new LedgerEntry(
            At.Now.Wall, what, cause.Word(), Record.Generation, pid, files ?? [], exit, detail, downtimeMs)));

    /// <summary>A person wants it: earlier failures do not count any more.</summary>
    public Turn Forgiven() => Remember(record => record with { History = RestartHistory.Empty });

    /// <summary>A change grants one more start in a crash loop: one failure before a stable run, and the loop is back.</summary>
    public Turn OnProbation() => Remember(record => record with { History = record.History.Probation() });

    /// <summary>Says what makes the service act.</summary>
    public Turn Because(Cause cause, IReadOnlyList<string> files, Moment since) => Remember(record => record with
    {
        Change = new Change(new LastChange(cause.Word(), files, since.Wall, DurationMs: null), since.Monotonic),
    });

    /// <summary>The change that made the service act has come to its end, well or badly.</summary>
    public Turn ChangeEnded() => Remember(record => record with { Change = record.Change?.ClosedAt(Now) });
}
