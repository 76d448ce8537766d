using System.Collections.Immutable;

namespace Supervisor.Host.Serving;

/// <summary>
/// Slows a service down that reloads itself: one whose start writes files that it watches. Five such reloads within 10 s, and from then on there
/// is one per 10 s, until a change comes that no start can have caused. Pure. Constants: a person who saves as fast as they can does not get
/// five saves into the 2 s after five starts; the reload is only late, never lost.
/// </summary>
internal sealed record ReloadThrottle(ImmutableArray<TimeSpan> Recent, bool IsSlow)
{
    public static readonly ReloadThrottle Quiet = new([], IsSlow: false);

    public static readonly TimeSpan AfterStart = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    private const int Limit = 5;

    /// <summary>A reload begins.</summary>
    /// <param name="selfInflicted">Its files were written right after a start.</param>
    public ReloadThrottle WithReload(TimeSpan now, bool selfInflicted)
    {
        if (!selfInflicted)
            return Quiet;

        var recent = Recent.RemoveAll(at => now - at >= Period).Add(now);
        return new(recent, IsSlow || recent.Length >= Limit);
    }

    /// <summary>The earliest time for a reload because of such a change.</summary>
    public TimeSpan EarliestReload(TimeSpan now, bool selfInflicted) =>
        IsSlow && selfInflicted && Recent.Length > 0 && Recent[^1] + Period > now ? Recent[^1] + Period : now;
}
