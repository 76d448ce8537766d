using Spectre.Console;
using Spectre.Console.Rendering;
using Supervisor.Stress.Invariants;

namespace Supervisor.Stress.Live;

/// <summary>The figures as one screen. Pure.</summary>
internal static class TerminalScreen
{
    private const int BarWidth = 32;
    private const int FixedLines = 14;

    private static readonly Style Quiet = new(Color.Grey);
    private static readonly Style Good = new(Color.Green);
    private static readonly Style Bad = new(Color.Red, decoration: Decoration.Bold);
    private static readonly Style Plain = Style.Plain;

    /// <param name="height">Lines of the terminal: the recent faults and violations get what is left.</param>
    public static IRenderable Of(
        LiveFigures figures, IReadOnlyList<InvariantVerdict> verdicts, IEnumerable<ViolationLine> violations, TimeSpan now, int height)
    {
        var recent = Math.Clamp(height - FixedLines - verdicts.Count, 4, 20);
        var shown = violations.Take(recent / 2).ToList();
        return new Rows(
            Heading(figures, now),
            Clocks(figures, now),
            Text.Empty,
            Counts(figures, now),
            Text.Empty,
            Invariants(verdicts),
            Text.Empty,
            Recent(figures.RecentFaults.Take(recent - shown.Count), shown));
    }

    private static Paragraph Heading(LiveFigures figures, TimeSpan now)
    {
        var done = (int)Math.Round(figures.Progress(now) * BarWidth);
        var left = figures.Left(now) is { } known ? $"{figures.Progress(now):P0}, {DisplayFormat.Clock(known)} left" : "starting";
        return new Paragraph()
            .Append((figures.Plan?.Scenario ?? "stress") + "  ", new Style(decoration: Decoration.Bold))
            .Append(new string('━', done), Good)
            .Append(new string('━', BarWidth - done), Quiet)
            .Append("  " + left);
    }

    private static TruncatedText Clocks(LiveFigures figures, TimeSpan now) => figures.Plan is not { } plan
        ? new TruncatedText("", Quiet)
        : new TruncatedText(
            $"schedule {DisplayFormat.Clock(figures.Scheduled(now))} of {DisplayFormat.Clock(plan.Duration)} · real {DisplayFormat.Clock(figures.Elapsed(now))} of "
            + $"{DisplayFormat.Clock(plan.RealDuration)} · speed {plan.Speed:0.##} · seed {plan.Seed}", Quiet);

    private static Grid Counts(LiveFigures figures, TimeSpan now)
    {
        var grid = Lines(2);
        Add(grid, "jobs", Plain,
            $"{DisplayFormat.Count(figures.JobsDone)} done · {figures.JobsRunning} running · {figures.JobsSkipped} skipped · {figures.PerMinute(figures.JobsDone, now):0.0} a minute");
        Add(grid, "faults", Plain,
            $"{DisplayFormat.Count(figures.FaultsDone)} done · {figures.FaultsSkipped} skipped · {figures.PerMinute(figures.FaultsDone, now):0.0} a minute");
        Add(grid, "requests", Plain, $"{DisplayFormat.Count(figures.RequestsMade)} made · {DisplayFormat.Count(figures.RequestsFailed)} failed");
        var served = figures.ChangesServed;
        Add(grid, "changes", figures.ChangesLost > 0 ? Bad : Plain,
            $"{DisplayFormat.Count(served.Count)} served · {figures.ChangesLost} lost · p50 {DisplayFormat.Latency(served.Quantile(0.5))} · "
            + $"p99 {DisplayFormat.Latency(served.Quantile(0.99))} · longest {DisplayFormat.Latency(served.Longest)}");
        Add(grid, "watcher", figures.Watcher is { State: WatcherPhase.Watching } ? Good : Plain, Watcher(figures));
        Add(grid, "services", Plain, string.Join(" · ", figures.Services.Select(service => $"{service.Service} {Word(service.State)} #{service.Generation}")));
        return grid;
    }

    private static string Watcher(LiveFigures figures) => figures.Watcher is not { } watcher
        ? "not seen yet"
        : $"{Word(watcher.State)}{(watcher.Degraded ? " (degraded)" : "")} · pid {watcher.Pid?.ToString() ?? "–"} · epoch {watcher.Epoch} · "
            + $"{DisplayFormat.Count(figures.WatcherDeaths, "death", "deaths")} · {DisplayFormat.Memory(figures.WatcherSample?.ResidentBytes)}"
            + (figures.WatcherSample?.CapBytes is { } cap ? $" of {DisplayFormat.Memory(cap)}" : "");

    private static Grid Invariants(IReadOnlyList<InvariantVerdict> verdicts)
    {
        var grid = Lines(3);
        foreach (var verdict in verdicts)
        {
            var (mark, style) = verdict switch
            {
                { Violated: > 0 } => ("✗", Bad),
                { Checks: 0 } => ("·", Quiet),
                _ => ("✓", Good),
            };
            grid.AddRow(
                new Text(mark, style),
                new Text(verdict.Violated > 0 ? $"{DisplayFormat.Count(verdict.Violated)} of {DisplayFormat.Count(verdict.Checks)}" : DisplayFormat.Count(verdict.Checks), style),
                new TruncatedText(verdict.Name, verdict.Violated > 0 ? Bad : Plain));
        }

        return grid;
    }

    private static Grid Recent(IEnumerable<FaultLine> faults, IEnumerable<ViolationLine> violations)
    {
        var grid = Lines(3);
        foreach (var line in violations)
            grid.AddRow(new Text(DisplayFormat.Clock(line.At), Bad), new Text("violated", Bad), new TruncatedText($"{line.Invariant}: {line.What}", Bad));

        foreach (var line in faults)
            grid.AddRow(
                new Text(DisplayFormat.Clock(line.At), Quiet),
                new Text(line.Service is null ? line.Name : $"{line.Name} {line.Service}"),
                new TruncatedText(line.Outcome ?? "…", Quiet));

        return grid;
    }

    private static Grid Lines(int columns)
    {
        var grid = new Grid();
        for (var column = 0; column < columns; column++)
            grid.AddColumn(new GridColumn { NoWrap = column < columns - 1, Padding = new Padding(0, 0, 2, 0) });

        return grid;
    }

    private static void Add(Grid grid, string name, Style style, string figures) => grid.AddRow(new Text(name, Quiet), new TruncatedText(figures, style));

    private static string Word<T>(T phase)
        where T : struct, Enum => phase.ToString().ToLowerInvariant();
}
