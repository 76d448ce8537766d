namespace Supervisor.Filtering.Links;

/// <summary>
/// The links to folders that are followed, each with the real path of its target. The code that reads directories sets them, <see cref="WatchFilter"/>
/// applies them. Not thread-safe: the filter's owner owns it.
/// </summary>
public sealed class FollowedLinks
{
    private readonly Dictionary<string, string> _targets = new(StringComparer.Ordinal);

    public int Count => _targets.Count;

    /// <summary>Allocates nothing.</summary>
    public bool Contains(ReadOnlySpan<char> path) => _targets.Count > 0 && Lookup.ContainsKey(path);

    /// <summary>The path leads through a followed link, or is one. Allocates nothing.</summary>
    public bool LeadTo(ReadOnlySpan<char> path)
    {
        for (var end = _targets.Count > 0 ? path.Length : 0; end > 0; end = path[..end].LastIndexOf('/'))
        {
            if (Lookup.ContainsKey(path[..end]))
                return true;
        }

        return false;
    }

    public void Set(string path, string target) => _targets[path] = target;

    public void Remove(ReadOnlySpan<char> path)
    {
        if (_targets.Count > 0)
            Lookup.Remove(path);
    }

    /// <summary>The targets of the followed links that stand above the path.</summary>
    internal IReadOnlyList<string> TargetsAbove(string path)
    {
        var above = new List<string>();

        for (var end = path.LastIndexOf('/'); end > 0; end = path.LastIndexOf('/', end - 1))
        {
            if (_targets.TryGetValue(path[..end], out var target))
                above.Add(target);
        }

        return above;
    }

    private Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> Lookup => _targets.GetAlternateLookup<ReadOnlySpan<char>>();
}
