using System.ComponentModel;
using Supervisor.Stress.Compare.Tools;

namespace Supervisor.Stress.Compare;

/// <summary>
/// One tool's turn on a tree that nobody else has touched: start, load, stop; start again, kills, stop. At its end everything that it
/// started is dead.
/// </summary>
internal sealed class Turn(ITool tool, ComparePlan plan, IReadOnlyList<PlannedLoad> load, Action<string> say)
{
    private readonly List<string> _remarks = [];

    /// <summary>What is known so far: a tool that fails half-way keeps its first half.</summary>
    private ToolReport _report = new(tool.Name, tool.WatchingComponent, null, null);

    public async Task<ToolReport> RunAsync(ToolSite site, CancellationToken stopping)
    {
        try
        {
            await using var stage = new ToolStage(tool, site);
            await UnderLoadAsync(stage, stopping);
            await site.ClearAwayAsync();
            await UnderKillsAsync(stage, stopping);
        }
        catch (Exception failed) when (failed is ToolFailedException or TimeoutException or Win32Exception)
        {
            say($"{tool.Name}: {failed.Message.TrimEnd()}");
            _report = _report with { Trouble = failed.Message.TrimEnd() };
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            _report = _report with { Trouble = "ended in the middle of its turn, as asked" };
        }
        finally
        {
            await site.ClearAwayAsync();
        }

        return _report with { Remarks = _remarks };
    }

    private async Task UnderLoadAsync(ToolStage stage, CancellationToken stopping)
    {
        var start = await stage.StartAsync(stopping);
        _report = _report with { Start = start, Idle = stage.Measure() };
        if (tool.Remark(stage.Site) is { } remark)
            _remarks.Add(remark);

        say($"{tool.Name}: ready after {start.TotalSeconds:0.0} s, {load.Count} jobs");
        var changes = await LoadAct.RunAsync(stage, load, _remarks.Add, stopping);
        _report = _report with
        {
            Load = LoadFigures.From(changes, stage.Samples, stage.Site.Project.Services.Single(service => service.Untouched).Name),
            Loaded = stage.Measure(),
        };
        foreach (var service in stage.Site.Project.Services)
        {
            if (await stage.DifferenceAsync(service) is { } difference)
                _remarks.Add($"after the load: {difference}");
        }

        _report = _report with { AfterStop = await stage.StopAsync() };
    }

    private async Task UnderKillsAsync(ToolStage stage, CancellationToken stopping)
    {
        await stage.StartAsync(stopping);
        for (var number = 1; number <= plan.Kills; number++)
        {
            var outcome = await KillTrial.RunAsync(stage, number, stopping);
            _report = _report with { Kills = [.. _report.Kills, outcome] };
            say($"{tool.Name}: kill {number}: {outcome.InWords}");
        }

        _report = _report with { AfterKillsAndStop = await stage.StopAsync() };
    }
}
