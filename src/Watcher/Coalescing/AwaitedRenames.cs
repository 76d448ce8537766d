using Supervisor.Watcher.Delivery;

namespace Supervisor.Watcher.Coalescing;

/// <summary>
/// Saves that are under way: a new file that is probably to be renamed over a known one, and a file that was moved out of its way. On a slow disk, or written by
/// a slow program, such a pair stands for half a second. Until the rename, at most 1 s, they are no reason for a batch. Owned by the loop. Bounded: in a storm
/// nothing is waited for.
/// </summary>
public sealed class AwaitedRenames
{
    /// <summary>With more changes than these it is no save.</summary>
    public const int MaxPending = 256;

    private const int Capacity = 64;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);
    private static readonly IReadOnlyDictionary<string, TimeSpan> Nothing = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);

    private readonly Dictionary<string, TimeSpan> _until = new(StringComparer.Ordinal);
    private TimeSpan _latest;

    /// <summary>A file that looks like a save's temporary one is there, or a file is gone: a second from now it counts whatever follows.</summary>
    public void Await(string path, TimeSpan now)
    {
        Forget(now);

        if (_until.Count < Capacity || _until.ContainsKey(path))
            _until[path] = _latest = now + Longest;
    }

    /// <summary>Which of the pending changes wait, and until when.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Held(IReadOnlyCollection<NetChange> pending, TimeSpan now)
    {
        Forget(now);

        if (_until.Count == 0)
            return Nothing;

        var held = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);

        foreach (var change in pending)
        {
            if (change is { Kind: ChangeKind.Added, After.Kind: FileKind.File } && UntilOf(change, now) is { } until)
                held.Add(change.Path, until);
        }

        var temporaries = held.Keys.ToList();

        foreach (var change in pending)
        {
            if (change is { Kind: ChangeKind.Removed, IsDirectory: false } && UntilOf(change, now) is { } until
                && temporaries.Exists(temporary => MayBecome(temporary, change.Path)))
            {
                held.Add(change.Path, until);
            }
        }

        return held;
    }

    private TimeSpan? UntilOf(NetChange change, TimeSpan now) => _until.TryGetValue(change.Path, out var until) && until > now ? until : null;

    private void Forget(TimeSpan now)
    {
        if (_latest <= now)
            _until.Clear();
        else if (_until.Count >= Capacity)
            _until.Where(entry => entry.Value <= now).ToList().ForEach(entry => _until.Remove(entry.Key));
    }

    private static bool MayBecome(string temporary, string path)
    {
        var (folder, name) = (Path.GetDirectoryName(path), Path.GetFileName(path));
        var temporaryName = Path.GetFileName(temporary);

        return Path.GetDirectoryName(temporary) == folder
            && (TemporaryNames.LooksTemporary(temporaryName) || TemporaryNames.Extends(temporaryName, known => known == name));
    }
}
