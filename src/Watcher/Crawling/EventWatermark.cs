using Supervisor.Watcher.Delivery;

namespace Supervisor.Watcher.Crawling;

/// <summary>
/// The moment up to which every event has been processed. A change that an event reports now, or that only a file's change time shows, happened after it.
/// Wall-clock time, because files and servers use it too. Not thread-safe: the work loop owns it.
/// </summary>
/// <param name="begin">The moment up to which an earlier watcher delivered everything.</param>
internal sealed class EventWatermark(DateTimeOffset begin, TimeProvider time)
{
    // The kernel stamps files with a clock that advances only every 4 to 10 ms, and queues the event a moment after it stamps the file.
    internal static readonly TimeSpan CoarseClock = TimeSpan.FromMilliseconds(20);

    public DateTimeOffset Moment { get; private set; } = begin;

    /// <summary>The events that arrive now happened within this span.</summary>
    public UnseenSpan OpenSpan => new(Moment, time.GetUtcNow());

    /// <summary>At that moment no event was left to process.</summary>
    public void Advance(DateTimeOffset at) => Moment = at - CoarseClock;

    /// <summary>Another watcher was active until now and delivered everything up to that moment: what we processed since does not count as delivered.</summary>
    public void ResumeAt(DateTimeOffset moment) => Moment = moment;

    /// <summary>The span in which the entry may have been different without an event; null: it has not changed since. By the change time, which nobody can set.</summary>
    public UnseenSpan? UnobservedSpanOf(in FileState state)
    {
        var changed = DateTimeOffset.UnixEpoch.AddTicks(state.ChangedNs / TimeSpan.NanosecondsPerTick) + CoarseClock;
        return changed > Moment ? new UnseenSpan(Moment, changed) : null;
    }
}

/// <summary>Decides which entries are newer than what the servers run, where no earlier state is available for comparison. Pure.</summary>
internal sealed class BaselineCutoff(WatchBaseline baseline, DateTimeOffset now)
{
    // Nothing applied: the moment is the tree's start, after which its servers are spawned, each by a host that has to be spawned before. What was stamped too
    // early was written before they read it.
    private readonly long _since = Nanoseconds(baseline.Applied is null ? baseline.Watermark : baseline.Watermark - EventWatermark.CoarseClock);
    private readonly long _now = Nanoseconds(now);

    /// <summary>By the change time, which nobody can set, and by the modification time unless that lies in the future and so proves nothing.</summary>
    public bool IsNewer(in FileState state) =>
        state.ChangedNs > _since || (state.ModifiedNs > _since && state.ModifiedNs <= _now);

    private static long Nanoseconds(DateTimeOffset moment) => (moment - DateTimeOffset.UnixEpoch).Ticks * 100;
}
