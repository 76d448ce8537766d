using System.Text;
using Supervisor.Watcher.Delivery;

namespace Supervisor.Unit.Watcher.Coalescing;

/// <summary>
/// A file system of a few names with inodes and a ticking clock. Whatever is done to it is looked at afterwards, as the crawler does: the
/// observer is told each path's state before and after.
/// </summary>
internal sealed class ModelTree
{
    private readonly SortedDictionary<string, FileState> _entries = new(StringComparer.Ordinal);
    private readonly Action<string, FileState?, FileState?> _observe;
    private readonly bool _contentIsKnown;
    private long _now = 1_000;
    private ulong _lastInode = 100;

    /// <param name="state">Names with their content; a name with a slash at its end is a directory, with an @ a link.</param>
    public ModelTree(IReadOnlyDictionary<string, string> state, bool contentIsKnown, Action<string, FileState?, FileState?> observe)
    {
        _observe = static (_, _, _) => { };
        _contentIsKnown = contentIsKnown;

        foreach (var (name, content) in state)
        {
            var kind = name[^1] switch { '/' => FileKind.Directory, '@' => FileKind.Link, _ => FileKind.File };
            Create(name.TrimEnd('/', '@'), kind, content);
        }

        _observe = observe;
    }

    public void Do(string happened)
    {
        _now += 10;
        var words = happened.Split(' ', 3);
        var (path, more) = (words[1], words.Length > 2 ? words[2] : "");

        switch (words[0])
        {
            case "create": Create(path, FileKind.File, more); break;
            case "mkdir": Create(path, FileKind.Directory, ""); break;
            case "link": Create(path, FileKind.Link, more); break;
            case "write": Set(path, Filled(_entries[path] with { ModifiedNs = _now, ChangedNs = _now }, more)); break;
            case "touch": Set(path, _entries[path] with { ModifiedNs = _now, ChangedNs = _now }); break;
            case "backdate": Set(path, _entries[path] with { ModifiedNs = 1, ChangedNs = _now }); break;
            case "restore-time": Set(path, _entries[path] with { ModifiedNs = 1_000, ChangedNs = _now }); break;
            case "chmod": Set(path, _entries[path] with { Mode = 0x1ED, ChangedNs = _now }); break;
            case "delete": Set(path, null); break;
            case "remove": Remove(path); break;
            case "move": Move(path, more); break;
            default: throw new ArgumentException($"Nobody can do \"{happened}\".", nameof(happened));
        }
    }

    private void Create(string path, FileKind kind, string content) =>
        Set(path, Filled(new FileState(kind, 0x1A4, Device: 1, ++_lastInode, Size: 0, _now, _now), content));

    private FileState Filled(FileState state, string content) => state with
    {
        Size = content.Length,
        ContentHash = _contentIsKnown && state.Kind != FileKind.Directory ? ContentHash.Of(Encoding.UTF8.GetBytes(content)) : 0,
    };

    // As a crawler meets it: everything is gone at the old place, then there at the new one.
    private void Move(string from, string to)
    {
        var moved = Beneath(from).Select(path => (Path: to + path[from.Length..], State: _entries[path])).ToList();

        Remove(from);

        foreach (var (path, state) in moved)
            Set(path, path == to ? state with { ChangedNs = _now } : state);
    }

    // Children first, as rm -r does it.
    private void Remove(string path) => Beneath(path).AsEnumerable().Reverse().ToList().ForEach(gone => Set(gone, null));

    private List<string> Beneath(string path) =>
        [.. _entries.Keys.Where(other => other == path || other.StartsWith(path + "/", StringComparison.Ordinal))];

    private void Set(string path, FileState? after)
    {
        FileState? before = _entries.TryGetValue(path, out var known) ? known : null;
        _entries.Remove(path);

        if (after is { } present)
            _entries.Add(path, present);

        _observe(path, before, after);
    }
}
