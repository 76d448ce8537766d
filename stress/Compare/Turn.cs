using Supervisor.Stress.Compare.Tools;

namespace Supervisor.Stress.Compare;

/// <summary>
/// One tool's turn on a tree that nobody else has touched: start, load, stop; start again, kills, stop. At its end everything that it started is dead.
/// </summary>
internal sealed class Turn(ComparePlan plan, IReadOnlyList<PlannedLoad> load, Action<string> say)
{
    private readonly List<string> _remarks = [];

    public async Task<ToolReport> RunAsync(ITool tool, ToolSite site, CancellationToken stopping)
    {
        var report = new ToolReport(tool.Name, tool.WatchingComponent, null, null);
        try
        {
            await using var stage = new Stage(tool, site);
            report = await UnderLoadAsync(stage, report, stopping);
            await site.ClearAwayAsync();
            report = await UnderKillsAsync(stage, report, stopping);
        }
        catch (Exception failed) when (failed is ToolFailedException or TimeoutException or System.ComponentModel.Win32Exception)
        {
            say($"{tool.Name}: {failed.Message}");
            report = report with { Trouble = failed.Message };
        }
        finally
        {
            await site.ClearAwayAsync();
        }

        return report with { Remarks = _remarks };
    }

    private async Task<ToolReport> UnderLoadAsync(Stage stage, ToolReport report, CancellationToken stopping)
    {
        var start = await stage.StartAsync(stopping);
        report = report with { Start = start, Idle = stage.Measure() };
        if (stage.Tool.Remark(stage.Site) is { } remark)
            _remarks.Add(remark);

        say($"{report.Tool}: ready after {start.TotalSeconds:0.0} s, {load.Count} jobs");
        var changes = await LoadAct.RunAsync(stage, load, _remarks.Add, stopping);
        report = report with
        {
            Load = LoadFigures.From(changes, stage.Samples, stage.Site.Project.Services.Single(service => service.Untouched).Name),
            Loaded = stage.Measure(),
        };
        foreach (var service in stage.Site.Project.Services)
        {
            if (await stage.DifferenceAsync(service) is { } difference)
                _remarks.Add($"after the load: {difference}");
        }

        return report with { AfterStop = await stage.StopAsync() };
    }

    private async Task<ToolReport> UnderKillsAsync(Stage stage, ToolReport report, CancellationToken stopping)
    {
        await stage.StartAsync(stopping);
        var kills = new List<KillOutcome>();
        for (var number = 1; number <= plan.Kills; number++)
        {
            kills.Add(await KillTrial.RunAsync(stage, number, stopping));
            say($"{report.Tool}: kill {number}: {kills[^1].InWords}");
        }

        return report with { Kills = kills, AfterKillsAndStop = await stage.StopAsync() };
    }
}
