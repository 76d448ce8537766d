using Supervisor.Stress.Recording;
using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Faults;

/// <summary>Makes the watcher die at once: by memory corruption, abort or a signal.</summary>
/// <param name="command">The command for the hook; null: it needs no hook.</param>
/// <param name="signal">The signal to send where there is no hook; null: the fault needs the hook.</param>
internal sealed class WatcherDeath(string name, string summary, string? command, string? signal) : IFault
{
    private const int Variations = 5;
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(30);

    public string Name => name;

    public string Summary => summary;

    public FaultTarget Target => FaultTarget.Watcher;

    public string? Missing => signal is null ? FaultHook.Missing : null;

    public async Task InjectAsync(FaultContext context, CancellationToken stopping)
    {
        var injection = new FaultInjection(this, context);
        if (await injection.FindWatcherAsync(stopping) is not { } watcher)
            return;

        injection.Began(watcher);
        if (command is null || !context.Hook.TrySend(watcher.Pid, $"{command} {context.Random.Next(Variations)}"))
        {
            if (signal is not null)
                await KillAsync(watcher, signal);
        }

        injection.Ended(await injection.WaitForWatcherExitAsync(watcher, ExitTimeout, stopping));
    }

    private static async Task KillAsync(Victim watcher, string signal)
    {
        if (watcher.IsAlive)
            await Kill.UntilDeadAsync(watcher.Pid, signal);
    }
}
