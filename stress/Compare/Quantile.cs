namespace Supervisor.Stress.Compare;

/// <summary>The smallest duration that at least this share of all do not exceed: one that really occurred.</summary>
internal static class Quantile
{
    public static TimeSpan Of(IReadOnlyList<TimeSpan> durations, double share) =>
        durations.Order().ElementAt(Math.Max(0, (int)Math.Ceiling(share * durations.Count) - 1));
}
