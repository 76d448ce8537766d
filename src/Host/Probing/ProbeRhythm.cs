namespace Supervisor.Host.Probing;

/// <summary>How often a readiness probe asks. Pure. The constants are those of the design: quick at first, each second in the long run.</summary>
internal static class ProbeRhythm
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>One attempt takes no longer; what answers later does not answer.</summary>
    public static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Between two looks at a server that is ready.</summary>
    public static readonly TimeSpan WhileReady = TimeSpan.FromSeconds(5);

    /// <summary>So many misses in a row, and it is not ready any more.</summary>
    public const int FailureThreshold = 3;

    public static TimeSpan After(TimeSpan pause) => pause * 2 < Longest ? pause * 2 : Longest;
}
