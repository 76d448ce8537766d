using System.Runtime.InteropServices;
using Supervisor.Configuration;

namespace Supervisor.Parent;

/// <summary>The parent put together: from the lock to the last file removed.</summary>
/// <remarks>Order: lock, epoch, control pipe, earlier hosts, loop. Stopping goes the other way; the answer to whoever asked comes last.</remarks>
internal sealed class Tree : IAsyncDisposable
{
    private static readonly TimeSpan ToBeOwned = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ToAnswer = TimeSpan.FromMilliseconds(250);

    private readonly TimeProvider _time;
    private readonly RuntimeDirectory _runtime;
    private readonly FileLock _lock;
    private readonly Lineage _lineage;
    private readonly Log _log;
    private readonly ProcessLauncher _launcher;
    private readonly PipeListener _listener;
    private readonly Board _board;
    private readonly TreeLoop _loop;
    private readonly Children _children;
    private readonly ControlServer _control;
    private readonly Launching _launching;
    private readonly TreePlan _plan;
    private readonly IReadOnlyList<string> _left;
    private readonly TaskCompletionSource<Outcomes> _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Tree(TreePlan plan, RuntimeDirectory runtime, FileLock held, Lineage lineage, KillLadder ladder, TimeProvider time)
    {
        (_plan, _runtime, _lock, _lineage, _time) = (plan, runtime, held, lineage, time);
        _log = new Log(lineage.LogFolder);
        _launcher = new ProcessLauncher(time);
        _listener = PipeListener.Bind(runtime.ControlSocket);
        _launching = new Launching(plan, runtime, ladder, _launcher, lineage, time);
        _left = _launching.Left();

        var applied = new AppliedFile(runtime.Applied, runtime.WatcherSnapshot, _log);
        var ours = _left.Where(plan.Knows).ToHashSet(StringComparer.Ordinal);
        _board = new Board(new TreeStatus(plan.Spec.ConfigPath, Environment.ProcessId, plan.StartedAt, Lineage.Build, 0));
        var initial = TreeState.Initial(plan, lineage.Epoch, ours, applied.Read());
        _board.Show(initial, plan);
        _loop = new TreeLoop(plan, initial, _board, time);
        _children = new Children(_launching, applied, _loop, time, _log);
        _control = new ControlServer(new Commands(plan, _loop, _board, _children, runtime, _stopped.Task, time), _board, _loop, time, _log);
        _log.Started(Environment.ProcessId, lineage.Epoch, plan.Spec.ConfigPath, ladder.Rung);
    }

    /// <exception cref="StartRefusedException">With everything that is wrong.</exception>
    public static async Task<Tree> StartAsync(Arguments? arguments, TimeProvider time)
    {
        if (arguments is null)
            throw new StartRefusedException(ExitCode.BadUsage, Arguments.Usage, []);

        var spec = ConfigurationFile.Read(arguments.Config) switch
        {
            ReadResult.Valid valid => valid.Spec,
            ReadResult.Invalid invalid => throw new StartRefusedException(
                ExitCode.BadConfig, $"{arguments.Config} is not valid", [.. invalid.Mistakes.Select(mistake => mistake.ToString())]),
            _ => throw new InvalidOperationException("a configuration is valid or invalid"),
        };

        try
        {
            var runtime = RuntimeDirectory.For(arguments.Config);
            runtime.Create();
            var held = FileLock.TryAcquire(runtime.Lock) ?? throw new StartRefusedException(
                ExitCode.Failed, $"already running (pid {FileLock.HolderPid(runtime.Lock)})", []);

            var lineage = Lineage.Next(runtime.Epoch, arguments.Owned, Path.Combine(runtime.StateRoot, "processes"));
            var plan = new TreePlan(spec, time.GetUtcNow(), 2 * Environment.ProcessorCount, arguments.Autostart);
            return new Tree(plan, runtime, held, lineage, await KillLadder.ChooseAsync(time, CancellationToken.None), time);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException(ExitCode.Failed, failure.Message, []);
        }
    }

    /// <summary>Returns once the tree was stopped, everything of it is gone and whoever asked has been answered.</summary>
    public async Task RunAsync()
    {
        using var serving = new CancellationTokenSource();
        var signals = OnSignals();
        var control = _control.RunAsync(_listener, serving.Token);
        var ownership = _lineage.Owned ? AwaitOwnerAsync(serving.Token) : Task.CompletedTask;

        _children.BeginAdoption(_left.Where(_plan.Knows), _left.Where(service => !_plan.Knows(service)));
        await _loop.RunAsync(_children.Begin);
        await _children.EndedAsync();

        Directory.Delete(_runtime.Root, recursive: true);
        _log.Stopped();
        _stopped.SetResult(new Outcomes([.. _board.Report.Services.Select(status => new ServiceOutcome(status.Name, true, $"{status.Name} is stopped", status))]));
        serving.CancelAfter(ToAnswer);
        await Task.WhenAll(control, ownership);
        signals.ForEach(signal => signal.Dispose());
    }

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        _launcher.Dispose();
        _log.Dispose();
        _lock.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The first SIGTERM or SIGINT stops in order, the second one without grace. A hang-up means nothing to a process without a terminal.</summary>
    private List<PosixSignalRegistration> OnSignals()
    {
        var signals = 0;

        void Handle(PosixSignalContext context)
        {
            context.Cancel = true;

            if (context.Signal != PosixSignal.SIGHUP)
                _children.Post(new TreeEvent.StopAllWanted(Now: Interlocked.Increment(ref signals) > 1));
        }

        return [.. new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, Handle))];
    }

    /// <summary>A foreground run whose terminal died before it could say that it owns the tree.</summary>
    private async Task AwaitOwnerAsync(CancellationToken serving)
    {
        await Task.Delay(ToBeOwned, _time, serving).ContinueWith(_ => { }, TaskScheduler.Default);

        if (!_control.IsOwned)
            await _loop.PostAsync(new TreeEvent.StopAllWanted(Now: false));
    }
}
