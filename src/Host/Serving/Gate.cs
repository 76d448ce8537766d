
namespace Supervisor.Host.Serving;

/// <summary>
/// Collapses any number of deliveries into one pending reload and lets it through when its time has come and nothing is under way. Pure.
/// What cannot pass yet stays pending: nothing is lost, and nothing happens twice.
/// </summary>
internal static class Gate
{
    /// <summary>A stream of batches postpones a debounced reload, but not beyond this many debounce times.</summary>
    private const int LongestDebounce = 10;

    private static readonly string[] Unnamed = ["(something changed and changed back during its start)"];

    public static Turn OnChanged(Turn turn, HostEvent.Changed change)
    {
        if (turn.Record.Cursors.Knows(change.Cursor))
            return turn;

        turn = turn.Remember(record => record with { Cursors = record.Cursors.With(change.Cursor) });

        if (turn.At.Spec.Watch?.OnChange.Action == ChangeAction.None)
            return turn.Because(Cause.Files, change.Files, turn.At.Now).ChangeEnded();

        return turn.State switch
        {
            // What does not run reads the new content whenever it is started.
            HostState.Stopped or HostState.Left or HostState.Spawning { Instead: not null } => turn,
            HostState.Draining { Next: AfterDrain.Stop or AfterDrain.Leave } => turn,

            // The next server is spawned after this moment: it runs with this change.
            HostState.Draining { Next: AfterDrain.Start } => Absorb(turn, change.Files),
            HostState.Validating validating => Owe(
                turn.To(validating.Meanwhile).Do(new Effect.CancelValidation(validating.Number)), change.Files),
            _ => Owe(turn, change.Files),
        };
    }

    /// <summary>Only a server that may have read something else is reloaded; what reads the files after this moment reads what is there.</summary>
    public static Turn OnUnseen(Turn turn, HostEvent.Unseen unseen)
    {
        if (turn.Record.Cursors.Knows(unseen.Cursor))
            return turn;

        turn = turn.Remember(record => record with { Cursors = record.Cursors.With(unseen.Cursor) });

        if (turn.At.Spec.Watch?.OnChange.Action == ChangeAction.None)
            return turn;

        return turn.State switch
        {
            HostState.Stopped or HostState.Left or HostState.Blocked or HostState.BackingOff or HostState.Draining => turn,
            HostState.Spawning { Instead: not null } => turn,

            // The reload that is owed already covers it. A validation goes on: it may be what writes and removes files there.
            _ when turn.Record.Pending is not null => turn,
            _ when turn.Record.Reading?.MayHaveSeen(unseen.Span) == true => Owe(turn, Unnamed, isUnseen: true),
            _ => turn,
        };
    }

    /// <summary>A restart by command is a pending reload that waits for nothing.</summary>
    public static Turn OnRestartAsked(Turn turn, HostEvent.RestartAsked asked)
    {
        if (turn.State is HostState.Validating validating)
            turn = turn.To(validating.Meanwhile).Do(new Effect.CancelValidation(validating.Number));

        var owed = turn.Record.Pending ?? new PendingReload(asked.Cause, [], turn.At.Now, turn.Now, asked.Force, AfterStart: null, IsHeld: false);
        owed = owed with
        {
            Cause = asked.Cause, NotBefore = turn.Now, Force = owed.Force || asked.Force, AfterStart = null, IsHeld = false, IsUnseen = false,
        };
        return turn.Remember(record => record with { Pending = owed });
    }

    /// <summary>Run at the end of every step.</summary>
    public static Turn Pass(Turn turn)
    {
        if (turn.Record.Pending is not { } pending || pending.NotBefore > turn.Now || !turn.State.IsOpenToReload())
            return turn;

        turn = turn.Because(pending.Cause, pending.Files, pending.Since);

        if (turn.At.Spec.Validate is null || pending.Force)
            return HostMachine.Apply(turn, pending);

        var number = turn.Record.Validations + 1;
        return turn
            .Remember(record => record with { Validations = number })
            .To(new HostState.Validating(turn.State, number))
            .Do(new Effect.Validate(number));
    }

    private static Turn Owe(Turn turn, IReadOnlyList<string> files, bool isUnseen = false)
    {
        // What happens unseen during a start is most probably of the server's own making, however long it takes to start.
        var sinceStart = isUnseen ? TimeSpan.Zero : turn.State.SinceStart(turn.Now);

        if (sinceStart is null)
            turn = turn.Remember(record => record with { Throttle = record.Throttle.WithForeignChange(files) });

        var (before, throttle) = (turn.Record.Pending, turn.Record.Throttle);
        var isOwn = sinceStart is { } soon && throttle.Continues(isUnseen ? [] : files, soon) && before is null or { AfterStart: not null };
        var isAsked = before is { Cause: not Cause.Files };
        var since = before?.Since ?? turn.At.Now;
        var debounce = turn.At.Spec.Watch?.Debounce ?? TimeSpan.Zero;
        var quiet = Earlier(turn.Now + debounce, since.Monotonic + (LongestDebounce * debounce));

        var owed = new PendingReload(
            before?.Cause ?? Cause.Files, PendingReload.Union(before?.Files ?? [], files), since,
            isAsked ? before!.NotBefore : Later(quiet, isOwn ? turn.Now + throttle.Pause : turn.Now), before?.Force ?? false,
            isOwn ? before?.AfterStart ?? sinceStart : null, IsHeld: isOwn && throttle.IsHolding && !isAsked,
            WasHeld: before is { IsHeld: true } or { WasHeld: true }, isUnseen);

        turn = turn.Remember(record => record with { Pending = owed });
        return owed.IsHeld && before is not { IsHeld: true }
            ? turn.Note("held", Cause.Files, Wording.HeldBack(throttle, owed), turn.State.Run()?.Pid, files: owed.Files)
            : turn;
    }

    private static Turn Absorb(Turn turn, IReadOnlyList<string> files) => turn.Remember(record => record.Change is not { IsOpen: true } change
        ? record
        : record with
        {
            Change = change with { Shown = change.Shown with { Files = PendingReload.Union(change.Shown.Files, files) } },
        });

    private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
