using System.ComponentModel;
using Supervisor.Stress.Compare.Tools;

namespace Supervisor.Stress.Compare;

/// <summary>Benchmarks one tool on its own tree: start, load, stop; start again, kills, stop. At the end no process that it started is alive.</summary>
internal sealed class ToolBenchmark(ITool tool, ComparePlan plan, IReadOnlyList<PlannedLoad> load, Action<string> say)
{
    private readonly List<string> _remarks = [];

    /// <summary>The results so far: a tool that fails half-way keeps them.</summary>
    private ToolReport _report = new(tool.Name, tool.WatchingComponent, null, null);

    public async Task<ToolReport> RunAsync(ToolSandbox sandbox, CancellationToken stopping)
    {
        try
        {
            await using var running = new RunningTool(tool, sandbox);
            await RunLoadAsync(running, stopping);
            await sandbox.KillAllAsync();
            await RunKillsAsync(running, stopping);
        }
        catch (Exception failed) when (failed is ToolFailedException or TimeoutException or Win32Exception)
        {
            say($"{tool.Name}: {failed.Message.TrimEnd()}");
            _report = _report with { Trouble = failed.Message.TrimEnd() };
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            _report = _report with { Trouble = "interrupted" };
        }
        finally
        {
            await sandbox.KillAllAsync();
        }

        return _report with { Remarks = _remarks };
    }

    private async Task RunLoadAsync(RunningTool running, CancellationToken stopping)
    {
        var start = await running.StartAsync(stopping);
        _report = _report with { Start = start, Idle = running.Measure() };
        if (tool.Remark(running.Sandbox) is { } remark)
            _remarks.Add(remark);

        say($"{tool.Name}: ready after {start.TotalSeconds:0.0} s, {load.Count} jobs");
        var changes = await LoadPhase.RunAsync(running, load, _remarks.Add, stopping);
        _report = _report with
        {
            Load = LoadFigures.From(changes, running.Samples, running.Sandbox.Project.Services.Single(service => service.Untouched).Name),
            Loaded = running.Measure(),
        };
        foreach (var service in running.Sandbox.Project.Services)
        {
            if (await running.DifferenceAsync(service) is { } difference)
                _remarks.Add($"after the load: {difference}");
        }

        _report = _report with { AfterStop = await running.StopAsync() };
    }

    private async Task RunKillsAsync(RunningTool running, CancellationToken stopping)
    {
        await running.StartAsync(stopping);
        for (var number = 1; number <= plan.Kills; number++)
        {
            var outcome = await KillTrial.RunAsync(running, number, stopping);
            _report = _report with { Kills = [.. _report.Kills, outcome] };
            say($"{tool.Name}: kill {number}: {outcome.InWords}");
        }

        _report = _report with { AfterKillsAndStop = await running.StopAsync() };
    }
}
