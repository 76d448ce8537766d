namespace Supervisor.Watcher.Sources;

/// <summary>
/// The events that the reader has read and the loop has not taken yet, as raw bytes. Full means that the loop is far behind: further events are
/// discarded and the buffer reports one overflow, and the loop reads its roots again. So the kernel's own queue never
/// fills. One thread adds, another takes.
/// </summary>
internal sealed class EventBuffer(int capacity)
{
    private const int Initial = 16 * 1024;

    private readonly Lock _lock = new();
    private byte[] _filling = new byte[Math.Min(Initial, capacity)];
    private byte[] _draining = new byte[Math.Min(Initial, capacity)];
    private int _length;
    private bool _overflowed;

    public void Add(ReadOnlySpan<byte> events)
    {
        lock (_lock)
        {
            if (_length + events.Length > capacity)
            {
                _overflowed = true;
                return;
            }

            if (_length + events.Length > _filling.Length)
                Array.Resize(ref _filling, Math.Min(capacity, Math.Max(_filling.Length * 2, _length + events.Length)));

            events.CopyTo(_filling.AsSpan(_length));
            _length += events.Length;
        }
    }

    /// <summary>Everything added since the last call, valid until the next one.</summary>
    /// <param name="overflowed">Events are missing after the ones given.</param>
    public ReadOnlySpan<byte> Take(out bool overflowed)
    {
        lock (_lock)
        {
            (_filling, _draining) = (_draining, _filling);
            var taken = _draining.AsSpan(0, _length);
            overflowed = _overflowed;
            _length = 0;
            _overflowed = false;
            return taken;
        }
    }

    public bool IsEmpty
    {
        get
        {
            lock (_lock)
                return _length == 0 && !_overflowed;
        }
    }

    /// <summary>Gives back what a storm made the buffer grow to. What was taken last is not valid any more.</summary>
    public void Trim()
    {
        lock (_lock)
        {
            if (_length == 0 && _filling.Length > Initial)
                _filling = new byte[Math.Min(Initial, capacity)];

            if (_draining.Length > Initial)
                _draining = new byte[Math.Min(Initial, capacity)];
        }
    }
}
