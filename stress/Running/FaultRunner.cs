using System.Diagnostics;
using Supervisor.Stress.Faults;
using Supervisor.Stress.Observing;
using Supervisor.Stress.Project;
using Supervisor.Stress.Recording;
using Supervisor.Stress.Scheduling;

namespace Supervisor.Stress.Running;

/// <summary>Injects a planned fault, unless an earlier fault of the same victim is still under way or the budget of the service is used up.</summary>
internal sealed class FaultRunner(ProjectTree project, TreeUnderTest tree, FaultHook hook, IRecord record) : IDisposable
{
    private const string Watcher = "watcher";
    private const string Parent = "parent";

    private readonly Dictionary<string, IFault> _faults = FaultCatalogue.All.ToDictionary(fault => fault.Name, StringComparer.Ordinal);
    private readonly NamedLocks _victims = new([Watcher, Parent, .. project.Services.Select(service => service.Name)]);
    private readonly FaultBudget _budget = new();

    public async Task InjectAsync(PlannedFault planned, CancellationToken stopping)
    {
        var fault = _faults[planned.Name];
        if (fault.Missing is { } missing)
        {
            Skip(planned, $"{missing} is not on this machine");
            return;
        }

        var random = new Random(planned.Seed);
        ProjectService[] busy = [.. project.Busy];
        var service = fault.Target is FaultTarget.Server or FaultTarget.Host ? busy[random.Next(busy.Length)] : null;
        using var acquired = _victims.TryAcquire(Victims(fault.Target, service));
        if (acquired is null)
            Skip(planned, "an earlier fault of the same victim is still under way");
        else if (service is not null && Spend(service) is { } refusal)
            Skip(planned, refusal);
        else
            await TryAsync(fault, new FaultContext(planned.Number, project, service, tree, hook, record, random), stopping);
    }

    public void Dispose() => _victims.Dispose();

    private static IEnumerable<string> Victims(FaultTarget target, ProjectService? service) => target switch
    {
        FaultTarget.Watcher => [Watcher],

        // The watcher exits with its parent, so a fault of the parent also locks the watcher.
        FaultTarget.Parent => [Parent, Watcher],
        _ => [service!.Name],
    };

    private string? Spend(ProjectService service)
    {
        lock (_budget)
        {
            var refusal = _budget.Refusal(service.Name, record.Now);
            if (refusal is null)
                _budget.Spend(service.Name, record.Now);
            return refusal;
        }
    }

    private async Task TryAsync(IFault fault, FaultContext context, CancellationToken stopping)
    {
        try
        {
            await fault.InjectAsync(context, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            record.Append(new FaultEnded(record.Now, context.Number, fault.Name, VictimDied: false, "the run ended during the fault"));
        }
        catch (Exception failed) when (failed is not UnreachableException)
        {
            // A failed fault proves nothing: the report shows it, and the invariants miss the expected consequence.
            record.Append(new FaultEnded(record.Now, context.Number, fault.Name, VictimDied: false, $"the fault failed: {failed.Message}"));
        }
    }

    private void Skip(PlannedFault planned, string why) => record.Append(new FaultSkipped(record.Now, planned.Number, planned.Name, why));
}
