using Supervisor.Stress.Recording;
using Supervisor.Stress.Scheduling;

namespace Supervisor.Stress.Running;

/// <summary>
/// Starts each planned job and fault when it is due. When the machine cannot keep up, jobs run late but none is dropped: the run takes longer, and the record
/// has each job's delay. Faults are not made up for.
/// </summary>
internal sealed class ScheduleRunner(RunPlan plan, JobRunner jobs, FaultRunner faults, IRecord record) : IDisposable
{
    // One per service that jobs may change: more would only wait for each other's folders.
    private readonly BackgroundTasks _jobs = new(maximum: 5);
    private readonly BackgroundTasks _faults = new(maximum: 16);

    /// <summary>Returns when the last job and the last fault have ended. When stopping, cancels what is under way and waits for it.</summary>
    public async Task RunAsync(IEnumerable<Planned> schedule, CancellationToken stopping)
    {
        var began = record.Now;
        try
        {
            foreach (var planned in schedule)
                await BeginAsync(planned, began + (planned.Due / plan.Speed), stopping);

            if (began + plan.RealDuration - record.Now is { Ticks: > 0 } rest)
                await Task.Delay(rest, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The rest of the schedule is skipped.
        }

        await _jobs.EndAsync();
        await _faults.EndAsync();
    }

    public void Dispose()
    {
        _jobs.Dispose();
        _faults.Dispose();
    }

    private async Task BeginAsync(Planned planned, TimeSpan due, CancellationToken stopping)
    {
        if (due - record.Now is { Ticks: > 0 } wait)
            await Task.Delay(wait, stopping);

        if (planned is PlannedJob job)
            await _jobs.BeginAsync(() => jobs.RunAsync(job, due, stopping), stopping);
        else if (planned is PlannedFault fault)
            await _faults.BeginAsync(() => faults.InjectAsync(fault, stopping), stopping);
    }
}
