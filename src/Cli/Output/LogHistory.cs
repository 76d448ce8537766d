namespace Supervisor.Cli.Output;

/// <summary>The output of one service so far: older lines from its log files, the newest from its host. Pure.</summary>
internal static class LogHistory
{
    /// <summary>
    /// The lines of the files up to those that the host holds, then these. Both have most lines; the lines of one read share their time, so the texts
    /// decide what comes once.
    /// </summary>
    /// <param name="files">Oldest first; read as far as needed.</param>
    /// <param name="held">Without a gap, oldest first; at least one.</param>
    public static IEnumerable<LogLine> Of(IEnumerable<LogLine> files, IReadOnlyList<LogLine> held)
    {
        var border = InFile(held[0].At);
        var sameTime = new List<LogLine>();

        foreach (var line in files)
        {
            if (line.At > border)
                break;

            if (line.At == border)
                sameTime.Add(line);
            else
                yield return line;
        }

        foreach (var line in sameTime.SkipLast(InBoth(sameTime, held)).Concat(held))
            yield return line;
    }

    /// <summary>How many of the last lines of the one are the first of the other.</summary>
    private static int InBoth(List<LogLine> older, IReadOnlyList<LogLine> newer)
    {
        var both = Math.Min(older.Count, newer.Count);

        while (both > 0 && !older.TakeLast(both).Select(Words).SequenceEqual(newer.Take(both).Select(Words)))
            both--;

        return both;
    }

    private static (DateTimeOffset At, string Stream, string Text, bool Partial) Words(LogLine line) => (InFile(line.At), line.Stream, line.Text, line.Partial);

    /// <summary>The files have microseconds.</summary>
    private static DateTimeOffset InFile(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond));
}
