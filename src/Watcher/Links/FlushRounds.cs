using Supervisor.Watcher.Delivery;

namespace Supervisor.Watcher.Links;

/// <summary>Where a flush stands.</summary>
internal abstract record FlushState
{
    internal sealed record Idle : FlushState;

    /// <summary>The cookie is made; events before it are still to come. Given up at the deadline for a full reading.</summary>
    internal sealed record AwaitingCookie(TimeSpan Deadline) : FlushState;

    /// <summary>
    /// Everything before the cookie is marked and nothing newer is taken in until it has been looked at: so a storm cannot keep a flush from ending.
    /// </summary>
    internal sealed record Looking : FlushState;

    /// <summary>Everything has been looked at; it is to be sent: now, quiet or not, unless all who wait are patient.</summary>
    internal sealed record Sending : FlushState;

    /// <summary>It is sent; the parent has to acknowledge it.</summary>
    internal sealed record Acknowledging(Cursor UpTo) : FlushState;
}

/// <param name="IsPatient">What it waits for may first settle.</param>
internal sealed record AwaitedFlush(TaskCompletionSource<FlushAnswer> Answer, bool IsPatient);

/// <summary>
/// The flushes that are asked for. One round serves everybody who asked before it began; who asks during a round waits for the next. Not thread-safe: the
/// work loop owns it.
/// </summary>
internal sealed class FlushRounds
{
    private readonly List<AwaitedFlush> _next = [];
    private readonly List<AwaitedFlush> _served = [];

    public FlushState State { get; private set; } = new FlushState.Idle();

    public bool IsIdle => State is FlushState.Idle;

    public bool IsWanted => _next.Count > 0;

    /// <summary>New events stay in the buffer.</summary>
    public bool HoldsIntake => State is FlushState.Looking;

    /// <summary>Somebody waits who does not want changes to settle, if only for the end of this round.</summary>
    public bool Hurries => State is FlushState.Sending && !(_served.TrueForAll(flush => flush.IsPatient) && _next.TrueForAll(flush => flush.IsPatient));

    public void Ask(AwaitedFlush flush) => _next.Add(flush);

    public void Begin(TimeSpan deadline)
    {
        _served.AddRange(_next);
        _next.Clear();
        State = new FlushState.AwaitingCookie(deadline);
    }

    public void Advance(FlushState next) => State = next;

    public void Finish(FlushAnswer how)
    {
        State = new FlushState.Idle();

        foreach (var flush in _served)
            flush.Answer.TrySetResult(how);

        _served.Clear();
    }

    /// <summary>Nobody is answered for now: everybody who waits is told so, and the round that is under way ends.</summary>
    public void Refuse(string why)
    {
        foreach (var flush in _served.Concat(_next))
            flush.Answer.TrySetException(ErrorCode.Error(ErrorCode.NotNow, why));

        _served.Clear();
        _next.Clear();
        State = new FlushState.Idle();
    }
}
