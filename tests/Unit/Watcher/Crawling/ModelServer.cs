
namespace Supervisor.Unit.Watcher.Crawling;

/// <summary>
/// A server that reads the whole disk at its start, which takes a while, and serves what it read. It is started anew for every change, and for what
/// went unseen if it may have read that: by the same rule as a host. If in the end it serves the disk, no change was lost. Thread-safe.
/// </summary>
internal sealed class ModelServer(string root)
{
    private readonly Lock _lock = new();
    private DateTimeOffset _begun = DateTimeOffset.UtcNow;
    private Dictionary<string, string> _served = WatchedTree.Read(root);
    private DateTimeOffset _ended = DateTimeOffset.UtcNow;

    public int Starts { get; private set; }

    public IReadOnlyDictionary<string, string> Served
    {
        get
        {
            lock (_lock)
                return _served;
        }
    }

    public void Hear(ServiceChange change)
    {
        lock (_lock)
        {
            if (change.Unseen is null || (_begun <= change.Unseen.Until && _ended >= change.Unseen.Since))
                Start();
        }
    }

    private void Start()
    {
        _begun = DateTimeOffset.UtcNow;
        var read = _served;

        // File operations go on meanwhile: a file that vanishes during the read counts as missing.
        while (!TryRead(ref read))
        {
        }

        (_served, _ended) = (read, DateTimeOffset.UtcNow);
        Starts++;
    }

    private bool TryRead(ref Dictionary<string, string> read)
    {
        try
        {
            read = WatchedTree.Read(root);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
