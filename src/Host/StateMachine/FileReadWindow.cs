
namespace Supervisor.Host.StateMachine;

/// <summary>
/// When the newest server read its files, in wall-clock time: from its start until it was ready. Files that it loads later are as new as that time, and a
/// restart would not load newer ones.
/// </summary>
/// <param name="Start">Before its process was spawned.</param>
/// <param name="End">null: not ready yet.</param>
/// <param name="Repeats">How many starts in a row, including this one, were reloads for an unseen change.</param>
internal sealed record FileReadWindow(DateTimeOffset Start, DateTimeOffset? End, int Repeats)
{
    /// <summary>The window of a server without a probe; most servers have read their files by then.</summary>
    public static readonly TimeSpan UnprobedReadTime = TimeSpan.FromSeconds(2);

    /// <summary>If every start brings such a change, the server causes it, and another start would bring the next one.</summary>
    private const int MaxRepeats = 3;

    /// <summary>A manual start is not a repeat, nor is a reload for a real change, which resets the count (<see cref="WithReload"/>).</summary>
    public static FileReadWindow Open(DateTimeOffset now, Cause cause, FileReadWindow? earlier) =>
        new(now, End: null, cause == Cause.Manual ? 0 : earlier?.Repeats ?? 0);

    /// <summary>The next start is for this reload.</summary>
    public FileReadWindow WithReload(PendingReload reload) => this with { Repeats = reload.IsUnseen ? Repeats + 1 : 0 };

    /// <summary>The server may have read content that is gone now.</summary>
    public bool Overlaps(UnseenSpan span) => Start <= span.Until && (End is null || End >= span.Since);

    /// <summary>How long to wait before it starts again for that; null: not for that any more.</summary>
    /// <param name="isDown">
    /// It failed, and stays down. Somebody else may have changed the files as often, so it gets three more starts, each after a longer pause.
    /// </param>
    public TimeSpan? PauseOfRepeat(bool isDown) => Repeats switch
    {
        < MaxRepeats => TimeSpan.Zero,
        < 2 * MaxRepeats when isDown => TimeSpan.FromSeconds(2 << (Repeats - MaxRepeats)),
        _ => null,
    };

    /// <summary>A signal makes the server read its files again.</summary>
    public FileReadWindow MovedTo(DateTimeOffset at) => this with { Start = at, End = at + UnprobedReadTime };

    /// <summary>The server is ready or has ended; the earlier time counts.</summary>
    public FileReadWindow ClosedAt(DateTimeOffset at) => End <= at ? this : this with { End = at };
}
