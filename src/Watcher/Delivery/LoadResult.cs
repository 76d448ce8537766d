namespace Supervisor.Watcher.Delivery;

/// <summary>The result of resuming at a cursor.</summary>
public abstract record LoadResult
{
    /// <summary>The state map is exactly as it was when the batch of that cursor was applied.</summary>
    /// <param name="Entries">How many calls the sink got.</param>
    public sealed record Resumed(Cursor At, long Entries) : LoadResult
    {
        /// <summary>Where the cursor's record ends; what lies behind was never applied.</summary>
        internal long End { get; init; }

        internal long SnapshotEnd { get; init; }
    }

    /// <summary>Lost track: the sink was not called. Whatever is newer than the watermark counts as changed.</summary>
    /// <param name="Message">For the log and for people.</param>
    public sealed record Lost(LostReason Reason, string Message) : LoadResult;
}

public enum LostReason
{
    Missing,

    /// <summary>The system would not open or read it.</summary>
    Unreadable,

    OtherVersion,

    /// <summary>It was written under other watch rules: it knows other paths.</summary>
    OtherRules,

    Corrupt,

    /// <summary>The file is good, but does not reach as far as the cursor, or begins after it.</summary>
    CursorNotFound,
}

/// <summary>The result of a write to the log.</summary>
public abstract record LogWrite
{
    public sealed record Written : LogWrite;

    /// <summary>
    /// The disk is full or refuses. Deliver all the same; the log stays shut until the next <see cref="ChangeLog.Rewrite"/> succeeds, and a
    /// watcher that starts before then says lost track.
    /// </summary>
    public sealed record NotPersisted(string Reason) : LogWrite;

    /// <summary>The log could not be made shorter; it is whole and goes on as it was.</summary>
    public sealed record NotCompacted(string Reason) : LogWrite;

    internal static readonly LogWrite Ok = new Written();
}
