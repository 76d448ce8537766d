namespace Supervisor.Watcher.Crawling;

/// <summary>When the directories that the kernel does not watch are read again: so often that it takes a twentieth of one core at most. Pure.</summary>
internal sealed record PollPace(TimeSpan Begun, TimeSpan Next)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(200);
    private const int Share = 20;

    public PollPace Finished(TimeSpan now)
    {
        var pause = (now - Begun) * Share;
        return this with { Next = now + (pause > Shortest ? pause : Shortest) };
    }
}
