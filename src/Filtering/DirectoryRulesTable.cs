using Supervisor.Filtering.Gitignore;

namespace Supervisor.Filtering;

/// <summary>The rules that a directory adds for itself and everything beneath.</summary>
/// <param name="Files">Ignore files, the weakest first: in a repository's top the user's global one, <c>info/exclude</c>, <c>.gitignore</c>.</param>
public sealed record DirectoryRules(DirectoryMarkers Markers, IReadOnlyList<IgnoreFile> Files)
{
    public static readonly DirectoryRules None = new(DirectoryMarkers.None, []);

    internal bool IsTop => Markers.HasFlag(DirectoryMarkers.Repository);

    /// <summary>Whether the rules are equal, whenever they were read.</summary>
    public bool IsSame(DirectoryRules other) =>
        Markers == other.Markers && Files.Select(file => (file.Path, file.Fingerprint)).SequenceEqual(other.Files.Select(file => (file.Path, file.Fingerprint)));
}

/// <summary>
/// The rules found in the tree itself, by directory: the code that reads directories sets them, <see cref="WatchFilter"/> applies
/// them. An existing interest keeps the rules that it was made with. Not thread-safe: the filter's owner owns it.
/// </summary>
public sealed class DirectoryRulesTable
{
    private readonly Dictionary<string, DirectoryRules> _byDirectory = new(StringComparer.Ordinal);

    /// <summary><see cref="DirectoryRules.None"/> for nearly every directory.</summary>
    public DirectoryRules this[string directory] => _byDirectory.GetValueOrDefault(directory, DirectoryRules.None);

    /// <summary>Anything but <see cref="DirectoryRules.None"/>. Allocates nothing.</summary>
    public bool Contains(ReadOnlySpan<char> directory) =>
        _byDirectory.Count > 0 && _byDirectory.GetAlternateLookup<ReadOnlySpan<char>>().ContainsKey(directory);

    /// <summary>True: they differ from before.</summary>
    public bool Set(string directory, DirectoryRules rules)
    {
        if (rules.IsSame(this[directory]))
            return false;

        if (rules.Markers == DirectoryMarkers.None && rules.Files.Count == 0)
            _byDirectory.Remove(directory);
        else
            _byDirectory[directory] = rules;

        return true;
    }

    /// <summary>Rules from above a directory: those of the repository that it lies in, none where it lies in no repository.</summary>
    internal IgnoreRules? Above(string directory)
    {
        var above = new Stack<string>();

        for (var folder = Path.GetDirectoryName(directory); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            above.Push(folder);

            if (this[folder].IsTop)
                return above.Aggregate(default(IgnoreRules), Within);
        }

        return null;
    }

    /// <summary>Rules in a directory, from those in the one above it.</summary>
    internal IgnoreRules? Within(IgnoreRules? above, string directory)
    {
        if (_byDirectory.Count == 0 || !_byDirectory.TryGetValue(directory, out var rules))
            return above;

        return rules.Files.Aggregate(rules.IsTop ? null : above, (inForce, file) => IgnoreRules.Add(inForce, file, directory));
    }
}
