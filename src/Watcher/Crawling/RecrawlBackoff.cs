namespace Supervisor.Watcher.Crawling;

/// <summary>
/// When the next recrawl may start: at once the first time, then after a growing delay, so that a storm that outruns us costs a bounded share of the machine.
/// Counted from the end of the last recrawl; reset after 10 s without one. Pure.
/// </summary>
/// <param name="Recrawls">In a row.</param>
/// <param name="Ended">When the last one ended.</param>
internal sealed record RecrawlBackoff(int Recrawls, TimeSpan Ended)
{
    public static readonly RecrawlBackoff None = new(0, TimeSpan.Zero);

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    /// <summary>Not before then.</summary>
    public TimeSpan Earliest => Recrawls == 0 ? TimeSpan.Zero : Ended + Pause;

    private TimeSpan Pause => First * (1 << Math.Min(Recrawls - 1, 10)) is var pause && pause < Longest ? pause : Longest;

    public RecrawlBackoff Begun(TimeSpan now) => Recrawls > 0 && now - Ended >= Rest ? None : this;

    public RecrawlBackoff Finished(TimeSpan now) => new(Recrawls + 1, now);
}
