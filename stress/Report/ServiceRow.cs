using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Report;

/// <summary>One service through the run.</summary>
/// <param name="Generations">Servers that were started for it while we looked, the first one included.</param>
/// <param name="Restarts">By cause, as its ledger tells.</param>
internal sealed record ServiceRow(
    ServiceFacts Facts, int Generations, IReadOnlyDictionary<string, int> Restarts, long Requests, long Failed, TimeSpan Slowest, long? PeakBytes);
