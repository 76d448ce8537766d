using Supervisor.Processes;

namespace Supervisor.Host.Ports;

/// <summary>The result of the port check before a start.</summary>
internal abstract record PortCheckResult
{
    /// <param name="Port">The port to use; null: the service declares none.</param>
    internal sealed record Free(int? Port) : PortCheckResult;

    internal sealed record Taken(PortHolder Holder) : PortCheckResult;
}

/// <summary>
/// Checks a service's port before a start. If a leftover process of ours holds it (its tag proves that), the process is killed and the port is free. Other
/// processes are never killed.
/// </summary>
internal sealed class PortCheck(ServiceSpec spec, Func<ProcessScope> leftovers, TimeProvider time)
{
    public async Task<PortCheckResult> BeforeStartAsync()
    {
        if (spec.Port is not { } port || PortHolders.Find(port) is not { } holder)
            return new PortCheckResult.Free(spec.Port);

        if (holder.Pid is { } pid && leftovers() is var ours && ours.Holds(pid))
        {
            await ours.KillAsync(StopSequence.KillDeadline, time);

            if (PortHolders.Find(port) is not { } next)
                return new PortCheckResult.Free(port);

            holder = next;
        }

        return spec.OnPortConflict == PortConflict.Next && PortHolders.NextFree(port) is { } free
            ? new PortCheckResult.Free(free)
            : new PortCheckResult.Taken(holder);
    }
}
