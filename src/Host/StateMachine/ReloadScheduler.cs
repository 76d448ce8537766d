
namespace Supervisor.Host.StateMachine;

/// <summary>
/// Merges any number of deliveries into one pending reload and starts it when it is due and nothing else is under way. Pure. A reload that cannot start
/// yet stays pending: none is lost, and none happens twice. The first change reloads at once. Those that come while a server starts or soon after that
/// (<see cref="WatchSpec.Debounce"/>) gather until none has come for that long and the server is ready.
/// </summary>
internal static class ReloadScheduler
{
    /// <summary>A stream of batches delays a debounced reload at most by this many debounce times.</summary>
    private const int MaxDebounceFactor = 10;

    /// <summary>How long changes wait for a start to end: what was saved may mend a server that hangs in its start.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(5);

    private static readonly string[] UnnamedFiles = ["(something changed and changed back during its start)"];

    public static Transition OnFilesChanged(Transition transition, HostEvent.FilesChanged change)
    {
        if (transition.Record.Cursors.Contains(change.Cursor))
            return transition;

        transition = transition.WithRecord(record => record with { Cursors = record.Cursors.Add(change.Cursor) });

        // Saved before the start, told after it.
        if (transition.State.ReadsWhatWasThereAt(change.HeardUntil))
            return transition;

        if (transition.Context.Spec.Watch?.OnChange.Action == ChangeAction.None)
            return transition.WithLastChange(Cause.Files, change.Files, transition.Context.Now).WithChangeEnded();

        return transition.State is HostState.Preflight preflight
            ? PreflightChanges.OnFilesChanged(transition, preflight, change)
            : Reload(PreflightChanges.WithSources(transition, change), Cause.Files, change.Files);
    }

    /// <summary>The server is to start again because of these files.</summary>
    public static Transition Reload(Transition transition, Cause cause, IReadOnlyList<string> files) => transition.State switch
    {
        // A service that is down reads the new content at its next start.
        HostState.Stopped or HostState.Shutdown or HostState.Spawning { PendingDrain: not null } => transition,
        HostState.Draining { Next: AfterDrain.Stop or AfterDrain.Shutdown } or HostState.RunningStopCommand { Next: AfterDrain.Stop or AfterDrain.Shutdown } => transition,

        // The next server is spawned later, so it reads this change.
        HostState.Draining { Next: AfterDrain.Start next } when transition.Context.Spec.Build is null || next is AfterDrain.StartAnew => AddToCurrentReload(transition, files),
        HostState.RunningStopCommand { Next: AfterDrain.Start next } when transition.Context.Spec.Build is null || next is AfterDrain.StartAnew => AddToCurrentReload(transition, files),
        HostState.Preflight preflight => ScheduleReload(Cancelled(transition, preflight), files, cause),
        _ => ScheduleReload(transition, files, cause),
    };

    /// <summary>
    /// Reloads only a server that may have read other content; a later start reads the present content. Nor is a start final that failed on other content.
    /// </summary>
    public static Transition OnUnseenChange(Transition transition, HostEvent.UnseenChange unseen)
    {
        if (transition.Record.Cursors.Contains(unseen.Cursor))
            return transition;

        transition = transition.WithRecord(record => record with { Cursors = record.Cursors.Add(unseen.Cursor) });

        if (transition.Context.Spec.Watch?.OnChange.Action == ChangeAction.None)
            return transition;

        return transition.State switch
        {
            HostState.Stopped or HostState.Shutdown or HostState.Blocked { Reason: BlockReason.Port or BlockReason.Lack } or HostState.BackingOff => transition,
            HostState.Spawning { PendingDrain: not null } or HostState.Draining { Next: not AfterDrain.Recover } or HostState.RunningStopCommand => transition,

            HostState.Building building => transition.WithState(building with { Heard = building.Heard with { IsUnseen = true } }),

            // A validation continues: it may be what writes and removes the files.
            HostState.Validating => transition.WithRecord(record => record with { Pending = record.Pending is { } pending ? pending with { IsDoubted = true } : null }),

            // The pending reload covers it.
            _ when transition.Record.Pending is not null => transition,
            _ when transition.Record.ReadWindow?.Overlaps(unseen.Span) == true => LookAgain(transition),
            _ => transition,
        };
    }

    /// <summary>Whatever has failed may have read content that is gone now. Each further time in a row after a longer pause, and not for ever.</summary>
    public static Transition LookAgain(Transition transition)
    {
        var isDown = transition.State is HostState.Blocked or HostState.CrashLoop or HostState.Failed;

        return transition.Record.ReadWindow?.PauseOfRepeat(isDown) is { } pause ? ScheduleReload(transition, UnnamedFiles, isUnseen: true, pause: pause) : transition;
    }

    /// <summary>A requested restart is a pending reload that is due at once.</summary>
    public static Transition OnRestartRequested(Transition transition, HostEvent.RestartRequested request)
    {
        if (transition.State is HostState.Preflight preflight)
            transition = Cancelled(transition, preflight);

        var reload = transition.Record.Pending ?? new PendingReload(
            request.Cause, [], transition.Context.Now, transition.Now, request.Force, AfterStart: null);
        reload = reload with
        {
            Cause = request.Cause, NotBefore = transition.Now, Force = reload.Force || request.Force, AfterStart = null, Hold = ReloadHold.None, IsUnseen = false,
            IsUnchecked = false, Rounds = PreflightRounds.None, Rechecks = 0,
        };
        return transition.WithRecord(record => record with { Pending = reload });
    }

    private static Transition Cancelled(Transition transition, HostState.Preflight preflight) =>
        transition.WithState(preflight.Underlying).WithEffect(HostMachine.CancelOf(preflight));

    /// <summary>A start that is built or validated first is a pending reload of no server.</summary>
    public static Transition ScheduleStart(Transition transition, Cause cause) => transition.WithRecord(record => record with
    {
        Pending = new PendingReload(cause, record.Pending?.Files ?? [], transition.Context.Now, transition.Now, record.Pending?.Force ?? false, AfterStart: null)
        {
            IsUnchecked = transition.Context.Spec.Validate is { AtStart: false }, Rounds = record.Pending?.Rounds ?? PreflightRounds.None,
        },
    });

    /// <summary>Called at the end of every step.</summary>
    public static Transition StartDueReload(Transition transition)
    {
        if (transition.Record.Pending is not { } pending || !(DueAt(transition.State, transition.Record) <= transition.Now))
            return transition;

        transition = pending.Cause == Cause.Autostart ? transition : transition.WithLastChange(pending.Cause, pending.Files, pending.Since);

        return pending.Force ? HostMachine.ExecuteReload(transition, pending)
            : transition.Context.Spec.Build is null ? Check(transition, pending)
            : Build(transition, pending);
    }

    /// <summary>Validates what is built or needs no build, or reloads at once.</summary>
    public static Transition Check(Transition transition, PendingReload pending)
    {
        if (transition.Context.Spec.Validate is null || pending.IsUnchecked)
            return HostMachine.ExecuteReload(transition, pending);

        var number = transition.Record.Validations + 1;
        return transition
            .WithRecord(record => record with { Pending = pending, Validations = number, ReadWindow = WindowOfPreflight(transition, pending) })
            .WithState(new HostState.Validating(transition.State, number))
            .WithEffect(new Effect.Validate(number));
    }

    private static Transition Build(Transition transition, PendingReload pending)
    {
        var number = transition.Record.Builds + 1;
        return transition
            .WithRecord(record => record with { Pending = pending, Builds = number, ReadWindow = WindowOfPreflight(transition, pending) })
            .WithState(new HostState.Building(transition.State, number, transition.Context.Now, HeardChanges.None))
            .WithEffect(new Effect.Build(number));
    }

    /// <summary>Once more, for what changed while it ran.</summary>
    public static Transition Repeat(Transition transition, HostState.Preflight ended, PendingReload pending)
    {
        pending = pending with { Rounds = pending.Rounds.WithEnded(), Files = PendingReload.Union(pending.Files, [.. ended.Heard.Files]) };
        transition = transition.WithState(ended.Underlying);
        return transition.Context.Spec.Build is null ? Check(transition, pending) : Build(transition, pending);
    }

    /// <summary>
    /// What changed during the last allowed run is most probably written by the command, but perhaps by a user: after a quiet time, each time a longer one, it
    /// is built once more.
    /// </summary>
    public static Transition ScheduleRecheck(Transition transition, PendingReload done)
    {
        if (done.Missed.IsEmpty)
            return transition;

        var recheck = new PendingReload(
            Cause.Files, [.. done.Missed.Files.Order(StringComparer.Ordinal).Take(PendingReload.MaxFiles)], transition.Context.Now,
            transition.Now + PauseOf(done.Rechecks + 1), Force: false, AfterStart: null, ReloadHold.Long)
        {
            Rechecks = done.Rechecks + 1,
        };
        return transition.WithRecord(record => record with { Pending = recheck })
            .WithLedgerEntry("held", Cause.Files, StatusText.HeldBack(transition.Record.Throttle, recheck), transition.State.Run()?.Pid, files: recheck.Files);
    }

    /// <param name="rechecks">See <see cref="PendingReload.Rechecks"/>.</param>
    public static TimeSpan PauseOf(int rechecks) => TimeSpan.FromMinutes(1 << Math.Clamp(rechecks - 1, 0, 4));

    /// <summary>When the pending reload starts, unless something happens before; null: none is pending, or it waits for what is under way.</summary>
    public static TimeSpan? DueAt(HostState state, ServiceRecord record) => (state, record.Pending) switch
    {
        (_, null) => null,
        _ when !state.CanReload() => null,
        (HostState.Starting(var run, _, _), var pending) when pending.Cause.IsChange() => Later(pending.NotBefore, run.StartedAt.Monotonic + StartPatience),
        (_, var pending) => pending.NotBefore,
    };

    private static Transition ScheduleReload(Transition transition, IReadOnlyList<string> files, Cause cause = Cause.Files, bool isUnseen = false, TimeSpan pause = default)
    {
        // The server itself most probably causes an unseen change during its start, however long the start takes. Where none runs, somebody else does.
        var sinceStart = !isUnseen ? SinceStart(transition) : transition.State.Run() is null ? null : TimeSpan.Zero;

        if (sinceStart is null)
            transition = transition.WithRecord(record => record with { Throttle = record.Throttle.WithExternalChange(files) });

        var (before, throttle) = (transition.Record.Pending, transition.Record.Throttle);
        var isOwnChange = sinceStart is { } soon && throttle.Matches(isUnseen ? [] : files, soon) && before is null or { AfterStart: not null };
        var isRequested = before is { } earlier && !earlier.Cause.IsChange();
        var since = before?.Since ?? transition.Context.Now;
        var earliest = Gathers(transition) ? Quiet(transition, since.Monotonic) : transition.Now;

        var reload = new PendingReload(
            before is { Cause: not Cause.Files } ? before.Cause : cause, PendingReload.Union(before?.Files ?? [], files), since,
            isRequested ? before!.NotBefore : Later(earliest, transition.Now + (isOwnChange ? throttle.Pause : pause)), before is { Force: true } && transition.Context.Spec.Build is null,
            isOwnChange ? before?.AfterStart ?? sinceStart : null, isOwnChange && !isRequested ? throttle.Hold : ReloadHold.None,
            WasHeld: before is { Hold: ReloadHold.Long, Rechecks: 0 } or { WasHeld: true }, isUnseen)
        {
            Rounds = before?.Rounds ?? PreflightRounds.None,
        };

        transition = transition.WithRecord(record => record with { Pending = reload });
        return reload.Hold != ReloadHold.None && before is null or { Hold: ReloadHold.None }
            ? transition.WithLedgerEntry("held", Cause.Files, StatusText.HeldBack(throttle, reload), transition.State.Run()?.Pid, files: reload.Files)
            : transition;
    }

    /// <summary>As <see cref="HostStateQueries.SinceStart"/>; a server that has just ended, too, may have written until its end.</summary>
    private static TimeSpan? SinceStart(Transition transition) => transition.State is not (HostState.BackingOff or HostState.CrashLoop or HostState.Completed or HostState.Failed)
        ? transition.State.SinceStart(transition.Now)
        : transition.Record is { ReadWindow: { } run, LastExit: { } end } && transition.Context.Now.Wall is var now && now - end.At <= ReloadThrottle.StartWindow ? now - run.Start : null;

    /// <summary>Without a server, what a refusal is based on is what the build or the validation reads.</summary>
    private static FileReadWindow? WindowOfPreflight(Transition transition, PendingReload pending) => transition.State.Run() is null
        ? FileReadWindow.Open(transition.Context.Now.Wall, pending.Cause, transition.Record.ReadWindow)
        : transition.Record.ReadWindow;

    /// <summary>The newest server has just begun or has not even begun to serve, or changes are being gathered already.</summary>
    private static bool Gathers(Transition transition) =>
        transition.State is HostState.Spawning or HostState.Starting
        || transition.Record.RenewedAt + Debounce(transition) > transition.Now
        || (transition.Record.Pending is { Hold: ReloadHold.None } pending && pending.NotBefore > transition.Now);

    private static TimeSpan Quiet(Transition transition, TimeSpan since) =>
        Earlier(transition.Now + Debounce(transition), since + (MaxDebounceFactor * Debounce(transition)));

    private static TimeSpan Debounce(Transition transition) => transition.Context.Spec.Watch?.Debounce ?? TimeSpan.Zero;

    public static Transition AddToCurrentReload(Transition transition, IReadOnlyList<string> files) => transition.WithRecord(
        record => record.LastChange is not { IsOpen: true } change
            ? record
            : record with
            {
                LastChange = change with { Reported = change.Reported with { Files = PendingReload.Union(change.Reported.Files, files) } },
            });

    private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
