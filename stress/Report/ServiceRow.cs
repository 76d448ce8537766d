using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Report;

/// <summary>One service over the run.</summary>
/// <param name="Generations">Servers started for it during the run, including the first.</param>
/// <param name="Restarts">Restarts by cause, from its ledger.</param>
internal sealed record ServiceRow(
    ServiceFacts Facts, int Generations, IReadOnlyDictionary<string, int> Restarts, long Requests, long Failed, TimeSpan Slowest, long? PeakBytes);
