using Supervisor.Processes;

namespace Supervisor.Host.Ports;

/// <summary>What the look at the declared port, before a start, led to.</summary>
internal abstract record PortVerdict
{
    /// <param name="Port">The port to use; null: the service declares none.</param>
    internal sealed record Free(int? Port) : PortVerdict;

    internal sealed record Taken(PortHolder Holder) : PortVerdict;
}

/// <summary>
/// Looks at a service's port before it starts. A leftover of ours, which its mark proves, is killed and its port taken back; a stranger never is.
/// </summary>
internal sealed class PortCheck(ServiceSpec spec, Func<ProcessScope> leftovers, TimeProvider time)
{
    public async Task<PortVerdict> BeforeStartAsync()
    {
        if (spec.Port is not { } port || PortOwners.Find(port) is not { } holder)
            return new PortVerdict.Free(spec.Port);

        if (holder.Pid is { } pid && leftovers() is var ours && ours.Holds(pid))
        {
            await ours.KillAsync(StopSequence.KillDeadline, time);

            if (PortOwners.Find(port) is not { } next)
                return new PortVerdict.Free(port);

            holder = next;
        }

        return spec.OnPortConflict == PortConflict.Next && PortOwners.NextFree(port) is { } free
            ? new PortVerdict.Free(free)
            : new PortVerdict.Taken(holder);
    }
}
