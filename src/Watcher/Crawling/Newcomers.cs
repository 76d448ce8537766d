using Supervisor.Watcher.Delivery;

namespace Supervisor.Watcher.Crawling;

/// <summary>Which entries are newer than what the servers are known to run, where there is no state to compare with. Pure.</summary>
internal sealed class Newcomers(WatchBaseline baseline, DateTimeOffset now)
{
    // The kernel stamps files with a clock that stands still for up to 10 ms.
    private static readonly TimeSpan CoarseClock = TimeSpan.FromMilliseconds(20);

    private readonly long _since = Nanoseconds(baseline.Watermark - CoarseClock);
    private readonly long _now = Nanoseconds(now);

    /// <summary>By its change time, which nobody can set; by its modification time too, unless that lies in the future and so says nothing.</summary>
    public bool IsNewer(in FileState state) =>
        state.ChangedNs > _since || (state.ModifiedNs > _since && state.ModifiedNs <= _now);

    private static long Nanoseconds(DateTimeOffset moment) => (moment - DateTimeOffset.UnixEpoch).Ticks * 100;
}
