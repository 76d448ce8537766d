using Supervisor.Watcher.Delivery;

namespace Supervisor.Watcher.Crawling;

/// <summary>
/// Up to which moment everything has been heard of. What an event tells of, and what a file's change time shows that no event told, has happened
/// after it. By the wall clock, which is the files' and the servers' too. Not thread-safe: the work loop owns it.
/// </summary>
/// <param name="begin">Up to which an earlier watcher had told everything.</param>
internal sealed class Hearing(DateTimeOffset begin, TimeProvider time)
{
    // The kernel stamps files with a clock that stands still for up to 10 ms, and tells of a change a moment after stamping it.
    private static readonly TimeSpan CoarseClock = TimeSpan.FromMilliseconds(20);

    public DateTimeOffset Until { get; private set; } = begin;

    /// <summary>In which everything happened that is being heard of now.</summary>
    public UnseenSpan Unheard => new(Until, time.GetUtcNow());

    /// <summary>Nothing was left to be heard of at that moment.</summary>
    public void CaughtUp(DateTimeOffset at) => Until = at - CoarseClock;

    /// <summary>Another watcher had told everything up to that moment, and was in charge until now: what we have heard since does not count as told.</summary>
    public void ResumeAt(DateTimeOffset moment) => Until = moment;

    /// <summary>When what the state shows may have been otherwise, unheard; null: it has not changed since then. By the change time, which nobody can set.</summary>
    public UnseenSpan? UnheardIn(in FileState state)
    {
        var changed = DateTimeOffset.UnixEpoch.AddTicks(state.ChangedNs / TimeSpan.NanosecondsPerTick) + CoarseClock;
        return changed > Until ? new UnseenSpan(Until, changed) : null;
    }
}
