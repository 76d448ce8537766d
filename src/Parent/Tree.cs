using System.ComponentModel;
using Supervisor.Configuration;

namespace Supervisor.Parent;

/// <summary>The parent put together: from the lock to the last file removed.</summary>
/// <remarks>Order: lock, epoch, control pipe, earlier hosts, loop. Stopping goes the other way; the answer to whoever asked comes last.</remarks>
internal sealed class Tree(TreePlan plan, RuntimeDirectory runtime, FileLock held, Lineage lineage, KillLadder ladder, PipeListener listener, TimeProvider time)
    : IDisposable
{
    private static readonly TimeSpan ToBeOwned = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ToTearDown = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ToAnswer = TimeSpan.FromMilliseconds(250);

    /// <summary>The control pipe can be connected to when it returns.</summary>
    /// <exception cref="StartRefusedException">With everything that is wrong; nothing runs.</exception>
    public static async Task<Tree> OpenAsync(Arguments? arguments, TimeProvider time)
    {
        if (arguments is null)
            throw new StartRefusedException(ExitCode.BadUsage, Arguments.Usage, []);

        var read = ConfigurationFile.Read(arguments.Config);

        if (read is not ReadResult.Valid { Spec: var spec })
            throw new StartRefusedException(ExitCode.BadConfig, $"{arguments.Config} is not valid", Mistakes(read));

        try
        {
            var runtime = RuntimeDirectory.For(arguments.Config);
            runtime.Create();
            var held = await FileLock.TryAcquireAsync(runtime.Lock, ToTearDown, time)
                ?? throw AlreadyRunning(FileLock.HolderPid(runtime.Lock));
            var lineage = Lineage.Next(runtime.Epoch, arguments.Owned, Path.Combine(runtime.StateRoot, "processes"));
            var plan = new TreePlan(spec, time.GetUtcNow(), maxStarting: 2 * Environment.ProcessorCount, arguments.Autostart);
            var ladder = await KillLadder.ChooseAsync(runtime.Id, time, CancellationToken.None);
            return new Tree(plan, runtime, held, lineage, ladder, ControlPipe.Bind(runtime.ControlSocket), time);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or Win32Exception)
        {
            throw new StartRefusedException(
                ExitCode.Failed, $"the tree cannot be started: {failure.Message} (its files belong in SUPERVISOR_RUNTIME_DIR and XDG_STATE_HOME)", []);
        }
    }

    /// <summary>Returns once the tree was stopped, everything of it is gone and whoever asked has been answered.</summary>
    public async Task RunAsync()
    {
        using var log = new Log(lineage.LogFolder);
        using var launcher = new ProcessLauncher(time);
        var launching = new Launching(plan, runtime, ladder, launcher, lineage, time, log);
        var applied = new AppliedFile(runtime.Applied, runtime.WatcherSnapshot, log);
        var left = launching.Left().ToLookup(plan.Knows);
        var stopped = new TaskCompletionSource<Outcomes>(TaskCreationOptions.RunContinuationsAsynchronously);

        var initial = TreeState.Initial(plan, lineage.Epoch, left[true].ToHashSet(StringComparer.Ordinal), applied.Read());
        var board = new Board(new TreeStatus(plan.Spec.ConfigPath, Environment.ProcessId, plan.StartedAt, Lineage.Build, 0), initial, plan);
        var loop = new TreeLoop(plan, initial, board, time);
        var ledger = new WatcherLedger(runtime.WatcherLedger, time, log);
        var children = new Children(launching, applied, ledger, loop, time, log);
        var control = new ControlServer(new Commands(plan, loop, board, children, runtime, stopped.Task, time), new Holding(loop, board, children, time), board, loop, time, log);
        log.Started(Environment.ProcessId, lineage.Epoch, plan.Spec.ConfigPath, ladder.Rung);

        using var serving = new CancellationTokenSource();
        using var signals = new StopSignals(now => children.Post(new TreeEvent.StopAllWanted(now)));
        var served = control.RunAsync(listener, serving.Token);
        var trimming = MemoryTrim.RunAsync(time, serving.Token);
        var owned = lineage.Owned ? StopUnlessOwnedAsync(control, loop, serving.Token) : Task.CompletedTask;

        children.BeginAdoption(left[true], left[false]);
        await loop.RunAsync(children.Begin);
        await children.EndedAsync();
        launching.RemoveLimits();

        RemoveFiles(log);
        log.Stopped();
        stopped.SetResult(new Outcomes(
            [.. board.Report.Services.Select(status => new ServiceOutcome(status.Name, true, $"{status.Name} is stopped", status))]));
        await control.HungUpAsync(ToAnswer);
        await serving.CancelAsync();
        await Task.WhenAll(served, owned, trimming);
    }

    public void Dispose()
    {
        listener.Dispose();
        held.Dispose();
    }

    private void RemoveFiles(Log log)
    {
        try
        {
            Directory.Delete(runtime.Root, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Nothing of ours lives any more: what is left on disk is found and replaced by the next start.
            log.NotRemoved(runtime.Root, failure.Message);
        }
    }

    /// <param name="holder">null: it has only just taken the lock.</param>
    private static StartRefusedException AlreadyRunning(int? holder) => new(
        ExitCode.Failed, $"already running ({(holder is { } pid ? $"pid {pid}" : "another start is under way")}); \"supervisor status\" shows it", []);

    private static string[] Mistakes(ReadResult read) =>
        read is ReadResult.Invalid invalid ? [.. invalid.Mistakes.Select(mistake => mistake.ToString())] : [];

    /// <summary>A foreground run whose terminal died before it could say that it owns the tree.</summary>
    private async Task StopUnlessOwnedAsync(ControlServer control, TreeLoop loop, CancellationToken serving)
    {
        await Task.Delay(ToBeOwned, time, serving).ContinueWith(_ => { }, TaskScheduler.Default);

        if (!control.IsOwned)
            await loop.PostAsync(new TreeEvent.StopAllWanted(Now: false));
    }
}
