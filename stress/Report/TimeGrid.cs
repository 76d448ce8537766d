namespace Supervisor.Stress.Report;

/// <summary>A run's time cut into equal intervals: few enough to be drawn, so a night takes no more room than an hour.</summary>
internal sealed record TimeGrid(TimeSpan Step, int Count)
{
    private const int Most = 400;

    private static readonly int[] Seconds = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600];

    public static TimeGrid For(TimeSpan length)
    {
        var seconds = Math.Max(1, length.TotalSeconds);
        var step = Seconds.FirstOrDefault(candidate => seconds / candidate <= Most, (int)Math.Ceiling(seconds / Most));
        return new TimeGrid(TimeSpan.FromSeconds(step), (int)Math.Ceiling(seconds / step));
    }

    /// <summary>In which interval it falls; what comes after the end falls in the last one.</summary>
    public int IndexOf(TimeSpan at) => Math.Clamp((int)(at.Ticks / Step.Ticks), 0, Count - 1);
}
