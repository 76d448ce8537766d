using Supervisor.Stress.Recording;
using Supervisor.Stress.Scheduling;

namespace Supervisor.Stress.Running;

/// <summary>
/// Lets each planned job and fault begin when it is due. A machine that cannot keep up runs its jobs late and none less: then the run takes longer, and
/// the record says how late each job was. Faults are not made up for.
/// </summary>
internal sealed class ScheduleRunner(RunPlan plan, JobRunner jobs, FaultRunner faults, IRecord record) : IDisposable
{
    // One for each service that jobs may touch: more could only wait for each other's folders.
    private readonly BackgroundTasks _jobs = new(atOnce: 5);
    private readonly BackgroundTasks _faults = new(atOnce: 16);

    /// <summary>Returns when the last job and the last fault have ended, also when stopping: what is under way is asked to end, and waited for.</summary>
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
            // The rest of the schedule is not played.
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
