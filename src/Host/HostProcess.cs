using Supervisor.Host.Links;
using Supervisor.Host.Output;
using Supervisor.Host.Persistence;
using Supervisor.Host.Running;
using Supervisor.Host.StateMachine;
using Supervisor.Host.Terminals;
using Supervisor.Processes;
using Supervisor.Wire;
using Supervisor.Wire.Pipes;
using Supervisor.Wire.Records;

namespace Supervisor.Host;

/// <summary>Runs one host process: creates its parts in dependency order and disposes them in reverse order.</summary>
internal sealed class HostProcess(HostLaunch launch, HostFiles files, PipeListener listener, Log log, TimeProvider time)
{
    /// <summary>How long the host waits for the parent to close the link after the last reply.</summary>
    private static readonly TimeSpan HangUpTimeout = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _cleanedUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly BackgroundTasks _backgroundTasks = new();

    /// <param name="exitRequested">Completes when only this process is to end (SIGTERM).</param>
    /// <returns>true: the exit is final, and no later host continues this run.</returns>
    public async Task<bool> RunAsync(Task exitRequested)
    {
        var file = RecordFile.TryRead(launch.StatePath, ContractJson.Default.HostFile);
        var scopes = new ServiceScopes(launch);
        using var launcher = new ProcessLauncher(time);
        await LeftoverProcesses.KillAsync(file, scopes, log, time);

        var instance = new PersistedHostState.HostInstance(launch, ProcessIdentity.Own());
        var death = FindDeath(file, instance);
        var initial = PersistedHostState.Restore(death is null ? file : file! with { LastExit = death.Exit }, launch.SpecHash, instance.Host.BootId);
        var limits = ServerLimits.Create(launch.Tag, launch.Spec.Limits);

        var terminal = launch.Spec.Tty ? new ServiceTerminal(launch.Spec.Name) : null;
        using var output = new OutputStore(
            new OutputRing(time), new LogFile(LogPath(".log"), time, launch.Spec.Logs), why => log.FileWriteFailed(LogPath(".log"), why), time)
        {
            HostLineWritten = terminal is null ? null : terminal.WriteLine,
        };
        var board = new StatusBoard(launch.Spec, Environment.ProcessId, initial);
        var rates = new RateMeter(board.Update, time);
        var recorder = new Recorder(new LedgerFile(LogPath(".ledger.jsonl")), launch.StatePath, output, rates, log);
        var recording = recorder.RunAsync();

        if (death is not null)
            recorder.WriteEntry(death, ended: null);

        var tickets = new OpenTickets();

        var configuration = new ServiceConfiguration(launch);
        var setup = new RunSetup(launch.Spec, configuration, scopes, limits, launcher, output, terminal, launch.SocketPath, time);
        var effects = new EffectRunner(setup, recorder, tickets, _backgroundTasks);
        var loop = new HostLoop(launch.Spec, initial, effects.Begin, OnStepped, time) { IsHeld = () => terminal is { HasTypist: true } };
        effects.Post = loop.PostAsync;
        recorder.WriteState(PersistedHostState.ToFile(initial, instance, server: null));

        using var stopping = new CancellationTokenSource();
        using var timers = new TimerThread();
        _backgroundTasks.Start(() => new UsageSampler(effects.Server, limits, board.Update, recorder.WritePeak, timers).RunAsync(stopping.Token));
        _backgroundTasks.Start(() => rates.RunAsync(stopping.Token));
        // Less than in the parent: there are many hosts, and an idle one allocates 2 KB a second.
        _backgroundTasks.Start(() => MemoryTrim.RunAsync(minGarbageBytes: 512 << 10, time, stopping.Token));
        using var heartbeat = SharedHeartbeat.TryCreate();
        await using var parents = new ParentLinks(board, heartbeat, _backgroundTasks, log, timers);
        var requests = new RequestHandler(launch, configuration, loop, board, tickets, heartbeat?.Descriptor, _cleanedUp.Task);
        var pipe = new HostPipe(requests, output.Ring, terminal, recorder, parents, log, time);
        var serving = listener.RunAsync(pipe.ServeAsync, stopping.Token);
        _backgroundTasks.Start(() => new NameKeeper(listener, Restored, why => log.FileWriteFailed(launch.SocketPath, why), timers).RunAsync(stopping.Token));
        parents.Start();
        log.HostStarted(Environment.ProcessId, launch.KillRung);

        var looping = loop.RunAsync();
        await WaitForShutdownAsync(looping, serving, parents, exitRequested, requests);
        var isFinal = !exitRequested.IsCompleted;
        await CleanUpAsync(recorder, recording, isFinal, limits, scopes);
        tickets.CompleteAll(launch.Spec.Name);
        terminal?.Close();

        if (isFinal)
            await parents.WaitForHangUpAsync(HangUpTimeout);

        await stopping.CancelAsync();
        await serving;
        await _backgroundTasks.WhenAllAsync();
        log.HostExited();
        return isFinal;

        void Restored()
        {
            files.Restore();
            recorder.WriteStateAgain();
        }

        void OnStepped(HostSnapshot before, HostSnapshot snapshot)
        {
            if (snapshot == before)
                return;

            board.Update(snapshot);
            recorder.WriteState(PersistedHostState.ToFile(snapshot, instance, effects.Server.Current?.Instance));
        }
    }

    private LedgerEntry? FindDeath(HostFile? file, PersistedHostState.HostInstance instance)
    {
        try
        {
            return HostDeath.EntryOf(file, instance.Host.BootId, LogPath(".ledger.jsonl"), LogPath(".log"), time);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            log.FileReadFailed(failure.Message);
            return null;
        }
    }

    private string LogPath(string suffix) => Path.Combine(launch.LogFolder, launch.Spec.Name + suffix);

    /// <summary>The loop ends only by a shutdown. If another task ends first, that is a bug, and it ends the process.</summary>
    private async Task WaitForShutdownAsync(Task looping, Task serving, ParentLinks parents, Task exitRequested, RequestHandler requests)
    {
        var first = await Task.WhenAny(looping, serving, _backgroundTasks.Failed, parents.Orphaned, exitRequested);

        if (first == parents.Orphaned || first == exitRequested)
        {
            if (first == exitRequested)
                parents.SuppressStoppedStatus();
            else
                log.OrphanGraceExpired();

            await requests.RequestShutdownAsync(now: false);
            first = await Task.WhenAny(looping, serving, _backgroundTasks.Failed);
        }

        await first;

        if (first == serving)
            throw new InvalidOperationException("The host's pipe has stopped accepting.");
    }

    /// <summary>Writes everything to disk. On a final exit it also removes the host's files and cgroups. Then the pending shutdown reply is sent.</summary>
    private async Task CleanUpAsync(Recorder recorder, Task recording, bool isFinal, ServerLimits limits, ServiceScopes scopes)
    {
        recorder.Complete();
        await recording;

        if (isFinal)
        {
            limits.Remove();
            scopes.Server().Remove();
            File.Delete(launch.StatePath);
            listener.Unlink();
        }

        _cleanedUp.TrySetResult();
    }
}
