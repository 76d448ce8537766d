namespace Supervisor.Watcher.Delivery;

/// <summary>
/// How much may be in flight, unacknowledged by the parent: 4 batches, 16,384 changes (a checkout of 10,000 files is one batch). While it is shut, changes wait in the
/// pending set, where they coalesce, and dirty paths in the dirty set, which coarsens: memory stays bounded however slow the parent is.
/// Owned by the loop.
/// </summary>
public sealed class BatchWindow
{
    public const int MaxBatches = 4;
    public const int MaxChanges = 16_384;

    private readonly Queue<(Cursor Cursor, int Changes)> _inFlight = new();
    private int _changes;

    /// <summary>How many changes the next batch may have; 0: wait for an acknowledgement.</summary>
    public int Room => _inFlight.Count < MaxBatches ? MaxChanges - _changes : 0;

    /// <summary>Everything sent is acknowledged.</summary>
    public bool IsEmpty => _inFlight.Count == 0;

    public void Sent(Cursor cursor, int changes)
    {
        _inFlight.Enqueue((cursor, changes));
        _changes += changes;
    }

    /// <summary>This batch and every one before it has been applied. One that is acknowledged already changes nothing.</summary>
    public void Acknowledged(Cursor cursor)
    {
        while (_inFlight.TryPeek(out var oldest) && !oldest.Cursor.IsAfter(cursor))
            _changes -= _inFlight.Dequeue().Changes;
    }
}
