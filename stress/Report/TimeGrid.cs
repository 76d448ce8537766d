namespace Supervisor.Stress.Report;

/// <summary>A run's time in equal intervals: few enough to draw, so a night needs no more space than an hour.</summary>
internal sealed record TimeGrid(TimeSpan Step, int Count)
{
    private const int Maximum = 400;

    private static readonly int[] Seconds = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600];

    public static TimeGrid For(TimeSpan length)
    {
        var seconds = Math.Max(1, length.TotalSeconds);
        var step = Seconds.FirstOrDefault(candidate => seconds / candidate <= Maximum, (int)Math.Ceiling(seconds / Maximum));
        return new TimeGrid(TimeSpan.FromSeconds(step), (int)Math.Ceiling(seconds / step));
    }

    /// <summary>The interval of a time; times after the end belong to the last one.</summary>
    public int IndexOf(TimeSpan at) => Math.Clamp((int)(at.Ticks / Step.Ticks), 0, Count - 1);
}
