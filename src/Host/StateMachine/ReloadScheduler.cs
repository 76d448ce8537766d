
namespace Supervisor.Host.StateMachine;

/// <summary>
/// Merges any number of deliveries into one pending reload and starts it when it is due and nothing else is under way. Pure. A reload that cannot start
/// yet stays pending: none is lost, and none happens twice.
/// </summary>
internal static class ReloadScheduler
{
    /// <summary>A stream of batches delays a debounced reload at most by this many debounce times.</summary>
    private const int MaxDebounceFactor = 10;

    private static readonly string[] UnnamedFiles = ["(something changed and changed back during its start)"];

    public static Transition OnFilesChanged(Transition transition, HostEvent.FilesChanged change)
    {
        if (transition.Record.Cursors.Contains(change.Cursor))
            return transition;

        transition = transition.WithRecord(record => record with { Cursors = record.Cursors.Add(change.Cursor) });

        if (transition.Context.Spec.Watch?.OnChange.Action == ChangeAction.None)
            return transition.WithLastChange(Cause.Files, change.Files, transition.Context.Now).WithChangeEnded();

        return transition.State switch
        {
            // A service that is down reads the new content at its next start.
            HostState.Stopped or HostState.Shutdown or HostState.Spawning { PendingDrain: not null } => transition,
            HostState.Draining { Next: AfterDrain.Stop or AfterDrain.Shutdown } => transition,

            // The next server is spawned later, so it reads this change.
            HostState.Draining { Next: AfterDrain.Start } => AddToCurrentReload(transition, change.Files),
            HostState.Validating validating => ScheduleReload(
                transition.WithState(validating.Underlying).WithEffect(new Effect.CancelValidation(validating.Number)), change.Files),
            _ => ScheduleReload(transition, change.Files),
        };
    }

    /// <summary>Reloads only a server that may have read other content; a later start reads the present content.</summary>
    public static Transition OnUnseenChange(Transition transition, HostEvent.UnseenChange unseen)
    {
        if (transition.Record.Cursors.Contains(unseen.Cursor))
            return transition;

        transition = transition.WithRecord(record => record with { Cursors = record.Cursors.Add(unseen.Cursor) });

        if (transition.Context.Spec.Watch?.OnChange.Action == ChangeAction.None)
            return transition;

        return transition.State switch
        {
            HostState.Stopped or HostState.Shutdown or HostState.Blocked or HostState.BackingOff or HostState.Draining => transition,
            HostState.Spawning { PendingDrain: not null } => transition,

            // The pending reload covers it. A validation continues: it may be what writes and removes the files.
            _ when transition.Record.Pending is not null => transition,
            _ when transition.Record.ReadWindow?.Overlaps(unseen.Span) == true => ScheduleReload(transition, UnnamedFiles, isUnseen: true),
            _ => transition,
        };
    }

    /// <summary>A requested restart is a pending reload that is due at once.</summary>
    public static Transition OnRestartRequested(Transition transition, HostEvent.RestartRequested request)
    {
        if (transition.State is HostState.Validating validating)
            transition = transition.WithState(validating.Underlying).WithEffect(new Effect.CancelValidation(validating.Number));

        var reload = transition.Record.Pending ?? new PendingReload(
            request.Cause, [], transition.Context.Now, transition.Now, request.Force, AfterStart: null, IsHeld: false);
        reload = reload with
        {
            Cause = request.Cause, NotBefore = transition.Now, Force = reload.Force || request.Force, AfterStart = null, IsHeld = false, IsUnseen = false,
        };
        return transition.WithRecord(record => record with { Pending = reload });
    }

    /// <summary>Called at the end of every step.</summary>
    public static Transition StartDueReload(Transition transition)
    {
        if (transition.Record.Pending is not { } pending || pending.NotBefore > transition.Now || !transition.State.CanReload())
            return transition;

        transition = transition.WithLastChange(pending.Cause, pending.Files, pending.Since);

        if (transition.Context.Spec.Validate is null || pending.Force)
            return HostMachine.ExecuteReload(transition, pending);

        var number = transition.Record.Validations + 1;
        return transition
            .WithRecord(record => record with { Validations = number })
            .WithState(new HostState.Validating(transition.State, number))
            .WithEffect(new Effect.Validate(number));
    }

    private static Transition ScheduleReload(Transition transition, IReadOnlyList<string> files, bool isUnseen = false)
    {
        // The server itself most probably causes an unseen change during its start, however long the start takes.
        var sinceStart = isUnseen ? TimeSpan.Zero : transition.State.SinceStart(transition.Now);

        if (sinceStart is null)
            transition = transition.WithRecord(record => record with { Throttle = record.Throttle.WithExternalChange(files) });

        var (before, throttle) = (transition.Record.Pending, transition.Record.Throttle);
        var isOwnChange = sinceStart is { } soon && throttle.Matches(isUnseen ? [] : files, soon) && before is null or { AfterStart: not null };
        var isRequested = before is { Cause: not Cause.Files };
        var since = before?.Since ?? transition.Context.Now;
        var debounce = transition.Context.Spec.Watch?.Debounce ?? TimeSpan.Zero;
        var quiet = Earlier(transition.Now + debounce, since.Monotonic + (MaxDebounceFactor * debounce));

        var reload = new PendingReload(
            before?.Cause ?? Cause.Files, PendingReload.Union(before?.Files ?? [], files), since,
            isRequested ? before!.NotBefore : Later(quiet, isOwnChange ? transition.Now + throttle.Pause : transition.Now), before?.Force ?? false,
            isOwnChange ? before?.AfterStart ?? sinceStart : null, IsHeld: isOwnChange && throttle.IsHolding && !isRequested,
            WasHeld: before is { IsHeld: true } or { WasHeld: true }, isUnseen);

        transition = transition.WithRecord(record => record with { Pending = reload });
        return reload.IsHeld && before is not { IsHeld: true }
            ? transition.WithLedgerEntry("held", Cause.Files, StatusText.HeldBack(throttle, reload), transition.State.Run()?.Pid, files: reload.Files)
            : transition;
    }

    private static Transition AddToCurrentReload(Transition transition, IReadOnlyList<string> files) => transition.WithRecord(
        record => record.LastChange is not { IsOpen: true } change
            ? record
            : record with
            {
                LastChange = change with { Reported = change.Reported with { Files = PendingReload.Union(change.Reported.Files, files) } },
            });

    private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
