using System.ComponentModel;

namespace Supervisor.Parent;

/// <summary>Builds and runs the parent, from taking the lock to removing the last file.</summary>
/// <remarks>Order: lock, epoch, control pipe, hosts of an earlier parent, loop. Stopping goes in reverse; the answer to the stop request comes last.</remarks>
internal sealed class Tree(TreePlan plan, RuntimeDirectory runtime, FileLock held, RunIdentity identity, KillLadder ladder, PipeListener listener, TimeProvider time)
    : IDisposable
{
    private static readonly TimeSpan OwnershipTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DisconnectTimeout = TimeSpan.FromMilliseconds(250);

    /// <summary>When it returns, the control pipe accepts connections.</summary>
    /// <exception cref="StartRefusedException">It lists everything that is wrong; no process was started.</exception>
    public static async Task<Tree> OpenAsync(Arguments? arguments, TimeProvider time)
    {
        if (arguments is null)
            throw new StartRefusedException(ExitCode.BadUsage, Arguments.Usage, []);

        var read = ConfigurationFile.Read(arguments.Config);

        if (read is not ReadResult.Valid { Spec: var spec })
            throw new StartRefusedException(ExitCode.BadConfig, $"{arguments.Config} is not valid", read.MistakeLines);

        try
        {
            var runtime = RuntimeDirectory.For(arguments.Config);
            runtime.Create();
            var held = await FileLock.TryAcquireAsync(runtime.Lock, LockTimeout, time)
                ?? throw AlreadyRunning(FileLock.HolderPid(runtime.Lock));
            var identity = RunIdentity.Next(runtime.Epoch, arguments.Owned, Path.Combine(runtime.StateRoot, "processes"));
            var plan = new TreePlan(spec, time.GetUtcNow(), maxStarting: 2 * Environment.ProcessorCount, arguments.Autostart);
            var ladder = await KillLadder.ChooseAsync(runtime.Id, time, CancellationToken.None);
            var listener = ControlPipe.Bind(runtime.ControlSocket);
            RecordFile.Write(runtime.Address, new TreeAddress(runtime.Root, Environment.ProcessId), ContractJson.Default.TreeAddress);
            return new Tree(plan, runtime, held, identity, ladder, listener, time);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or Win32Exception)
        {
            throw new StartRefusedException(
                ExitCode.Failed, $"the tree cannot be started: {failure.Message} (its files belong in SUPERVISOR_RUNTIME_DIR and XDG_STATE_HOME)", []);
        }
    }

    /// <summary>Returns once the tree has stopped, all its processes have ended and the stop request is answered.</summary>
    public async Task RunAsync()
    {
        using var log = new Log(identity.LogFolder);
        using var launcher = new ProcessLauncher(time);
        using var timers = new TimerThread();
        var childLauncher = new ChildLauncher(plan, runtime, ladder, launcher, identity, time, log);
        var applied = new AppliedFile(runtime.Applied, runtime.WatcherSnapshot, log.NotAccessed, log.NotRemoved);
        var left = childLauncher.RecordedHosts().ToLookup(plan.Knows);
        var stopped = new TaskCompletionSource<Outcomes>(TaskCreationOptions.RunContinuationsAsynchronously);

        var initial = TreeState.Initial(plan, identity.Epoch, left[true].ToHashSet(StringComparer.Ordinal), applied.Read());
        var board = new Board(new TreeStatus(plan.Spec.ConfigPath, Environment.ProcessId, plan.StartedAt, RunIdentity.Build, 0), initial);
        var loop = new TreeLoop(initial, board, timers);
        var ledger = new WatcherLedger(runtime.WatcherLedger, time, log.NotAccessed);
        var runner = new EffectRunner(childLauncher, applied, ledger, loop, timers, log);
        var control = new ControlServer(new Commands(loop, board, runner, runtime, stopped.Task, time), new HoldCommands(loop, board, runner, time), board, loop, time, log);
        log.Started(Environment.ProcessId, identity.Epoch, plan.Spec.ConfigPath, ladder.Rung);

        using var serving = new CancellationTokenSource();
        using var signals = new StopSignals(now => runner.Post(new TreeEvent.StopAllRequested(now)));
        var served = control.RunAsync(listener, serving.Token);
        var kept = new NameKeeper(listener, applied.Restore, why => log.NotAccessed(runtime.ControlSocket, why), timers).RunAsync(serving.Token);
        var trimming = MemoryTrim.RunAsync(minGarbageBytes: 1 << 20, time, serving.Token);
        var owned = identity.Owned ? StopUnlessOwnedAsync(control, loop, serving.Token) : Task.CompletedTask;

        runner.BeginAdoption(left[true], left[false]);
        await loop.RunAsync(runner.Begin, runner.Beats);
        await runner.WhenAllEndedAsync();
        childLauncher.RemoveLimits();

        listener.Unlink();
        runtime.Remove(log.NotRemoved);
        log.Stopped();
        stopped.SetResult(new Outcomes(
            [.. board.Report.Services.Select(status => new ServiceOutcome(status.Name, true, $"{status.Name} is stopped", status))]));
        await control.WaitForDisconnectsAsync(DisconnectTimeout);
        await serving.CancelAsync();
        await Task.WhenAll(served, kept, owned, trimming);
    }

    public void Dispose()
    {
        listener.Dispose();
        held.Dispose();
    }

    /// <param name="holder">null: it has just taken the lock.</param>
    private static StartRefusedException AlreadyRunning(int? holder) => new(
        ExitCode.Failed, $"already running ({(holder is { } pid ? $"pid {pid}" : "another start is under way")}); \"supervisor status\" shows it", []);

    /// <summary>Stops a foreground run whose terminal ended before it claimed the tree.</summary>
    private async Task StopUnlessOwnedAsync(ControlServer control, TreeLoop loop, CancellationToken serving)
    {
        await Task.Delay(OwnershipTimeout, time, serving).ContinueWith(_ => { }, TaskScheduler.Default);

        if (!control.IsOwned)
            await loop.PostAsync(new TreeEvent.StopAllRequested(Now: false));
    }
}
