using Supervisor.Host.Links;
using Supervisor.Host.Output;
using Supervisor.Host.Records;
using Supervisor.Host.Running;
using Supervisor.Host.Serving;
using Supervisor.Processes;
using Supervisor.Wire.Pipes;
using Supervisor.Wire.Records;

namespace Supervisor.Host;

/// <summary>
/// One host from its birth to its end: puts the rooms together in the order in which they need each other, and takes them apart in the reverse one.
/// </summary>
internal sealed class HostProcess(HostLaunch launch, PipeListener listener, Log log, TimeProvider time)
{
    /// <summary>For the parent to hang up after the last answer.</summary>
    private static readonly TimeSpan HangUpTime = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Undertakings _undertakings = new();

    /// <param name="askedToLeave">Completes when this process alone is to end (SIGTERM).</param>
    /// <returns>Whether it left for good: no host of this run comes after it.</returns>
    public async Task<bool> RunAsync(Task askedToLeave)
    {
        var file = RecordFile.TryRead(launch.StatePath, ContractJson.Default.HostFile);
        var scopes = new ScopeMaker(launch);
        using var launcher = new ProcessLauncher(time);
        await Leftovers.KillAsync(file, scopes, log, time);

        var origin = new Recollection.Origin(launch, ProcessIdentity.Own());
        var initial = Recollection.Read(file, launch.SpecHash, origin.Host.BootId);
        var limits = ServerLimits.Create(launch.Tag, launch.Spec.Limits);

        using var output = new OutputStore(
            new OutputRing(time), new LogFile(LogPath(".log"), time), why => log.FileTrouble(LogPath(".log"), why), time);
        var recorder = new Recorder(new LedgerFile(LogPath(".ledger.jsonl")), launch.StatePath, output, log);
        var recording = recorder.RunAsync();
        var board = new StatusBoard(launch.Spec, Environment.ProcessId, initial);
        var tickets = new TicketDesk();

        var setup = new RunSetup(launch.Spec, scopes, limits, launcher, output, time);
        var effects = new EffectRunner(setup, recorder, tickets, _undertakings);
        var loop = new HostLoop(launch.Spec, initial, effects.Begin, Stepped, time);
        effects.Post = loop.PostAsync;
        recorder.Keep(Recollection.Write(initial, origin, server: null));

        using var stopping = new CancellationTokenSource();
        _undertakings.Begin(() => new UsageSampler(effects.Server, limits, board.Show, time).RunAsync(stopping.Token));
        _undertakings.Begin(() => MemoryTrim.RunAsync(time, stopping.Token));
        await using var parents = new ParentLinks(board, _undertakings, log, time);
        var desk = new HostDesk(launch, loop, board, tickets, _left.Task);
        var pipe = new HostPipe(desk, output.Ring, recorder, parents, log, time);
        var serving = listener.RunAsync(pipe.ServeAsync, stopping.Token);
        parents.Begin();
        log.HostStarted(Environment.ProcessId, launch.KillRung);

        var looping = loop.RunAsync();
        await UntilLeftAsync(looping, serving, parents, askedToLeave, desk);
        var isForGood = !askedToLeave.IsCompleted;
        await LeaveAsync(recorder, recording, isForGood, limits, scopes);
        tickets.Close(launch.Spec.Name);

        if (isForGood)
            await parents.HungUpAsync(HangUpTime);

        await stopping.CancelAsync();
        await serving;
        await _undertakings.EndAsync();
        log.HostLeft();
        return isForGood;

        void Stepped(Situation before, Situation situation)
        {
            if (situation == before)
                return;

            board.Show(situation);
            recorder.Keep(Recollection.Write(situation, origin, effects.Server.Current?.Identity));
        }
    }

    private string LogPath(string suffix) => Path.Combine(launch.LogFolder, launch.Spec.Name + suffix);

    /// <summary>The loop ends in order or not at all; whatever else ends before it is a bug, which ends the process.</summary>
    private async Task UntilLeftAsync(Task looping, Task serving, ParentLinks parents, Task askedToLeave, HostDesk desk)
    {
        var first = await Task.WhenAny(looping, serving, _undertakings.Broken, parents.Orphaned, askedToLeave);

        if (first == parents.Orphaned || first == askedToLeave)
        {
            if (first == askedToLeave)
                parents.LeaveAlone();
            else
                log.OrphanGraceOver();

            await desk.LeaveAsync(now: false);
            first = await Task.WhenAny(looping, serving, _undertakings.Broken);
        }

        await first;

        if (first == serving)
            throw new InvalidOperationException("The host's pipe has stopped accepting.");
    }

    /// <summary>With everything written and, where no host of this run is to come after us, everything removed, the last answers may go.</summary>
    private async Task LeaveAsync(Recorder recorder, Task recording, bool isForGood, ServerLimits limits, ScopeMaker scopes)
    {
        recorder.Complete();
        await recording;

        if (isForGood)
        {
            limits.Remove();
            scopes.Server().Remove();
            File.Delete(launch.StatePath);
            listener.Unlink();
        }

        _left.TrySetResult();
    }
}
