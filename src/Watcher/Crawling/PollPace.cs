namespace Supervisor.Watcher.Crawling;

/// <summary>When what the kernel does not watch is read again: so often that it takes a twentieth of one core at most. Pure.</summary>
internal static class PollPace
{
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(200);
    private const int Share = 20;

    /// <summary>How long to rest after so much work.</summary>
    public static TimeSpan Pause(TimeSpan worked, TimeSpan shortest) => worked * Share is var pause && pause > shortest ? pause : shortest;
}
