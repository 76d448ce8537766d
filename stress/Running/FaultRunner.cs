using System.Diagnostics;
using Supervisor.Stress.Faults;
using Supervisor.Stress.Observing;
using Supervisor.Stress.Project;
using Supervisor.Stress.Recording;
using Supervisor.Stress.Scheduling;

namespace Supervisor.Stress.Running;

/// <summary>Lets one planned fault strike, unless its victim is still being struck by an earlier one or has had its share.</summary>
internal sealed class FaultRunner(ProjectTree project, TreeUnderTest tree, FaultHook hook, IRecord record) : IDisposable
{
    private const string Watcher = "watcher";
    private const string Parent = "parent";

    private readonly Dictionary<string, IFault> _faults = FaultCatalogue.All.ToDictionary(fault => fault.Name, StringComparer.Ordinal);
    private readonly Exclusive _victims = new([Watcher, Parent, .. project.Services.Select(service => service.Name)]);
    private readonly FaultBudget _budget = new();

    public async Task StrikeAsync(PlannedFault planned, CancellationToken stopping)
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
        using var taken = _victims.TryTake(Victims(fault.Target, service));
        if (taken is null)
            Skip(planned, "an earlier fault is still striking the same victim");
        else if (service is not null && Spend(service) is { } refusal)
            Skip(planned, refusal);
        else
            await TryAsync(fault, new FaultSite(planned.Number, project, service, tree, hook, record, random), stopping);
    }

    public void Dispose() => _victims.Dispose();

    private static IEnumerable<string> Victims(FaultTarget target, ProjectService? service) => target switch
    {
        FaultTarget.Watcher => [Watcher],

        // The watcher goes with its parent: a fault that holds the one would lose the other.
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

    private async Task TryAsync(IFault fault, FaultSite site, CancellationToken stopping)
    {
        try
        {
            await fault.StrikeAsync(site, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            record.Tell(new FaultEnded(record.Now, site.Number, fault.Name, VictimDied: false, "the run was ended in the middle of it"));
        }
        catch (Exception failed) when (failed is not UnreachableException)
        {
            // A fault that does not come off is no proof of anything: the report shows it, and what must come of a fault that began is missed there.
            record.Tell(new FaultEnded(record.Now, site.Number, fault.Name, VictimDied: false, $"it did not come off: {failed.Message}"));
        }
    }

    private void Skip(PlannedFault planned, string why) => record.Tell(new FaultSkipped(record.Now, planned.Number, planned.Name, why));
}
