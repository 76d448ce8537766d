namespace Supervisor.Supervision;

/// <summary>
/// How many failures are a crash loop: too many within the configured window, or within a second, fixed one, which catches a process that always dies just
/// after its backoff was reset. Constants: design, section 8; faults 3.2.
/// </summary>
public sealed record CrashLoopRule(int Failures, TimeSpan Within)
{
    public const int LongFailures = 10;
    public static readonly TimeSpan LongWithin = TimeSpan.FromMinutes(10);

    public static readonly CrashLoopRule Default = new(Failures: 5, TimeSpan.FromSeconds(60));
}
