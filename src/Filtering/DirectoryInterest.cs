using Supervisor.Filtering.Gitignore;

namespace Supervisor.Filtering;

/// <summary>
/// What the services want in one directory: made by <see cref="WatchFilter.Enter(string)"/>, kept on the directory's node, shared by
/// directories about which the rules say the same. Keeps the rules that it was made with. Immutable.
/// </summary>
public sealed class DirectoryInterest
{
    private readonly string[] _singleNames;

    private DirectoryInterest? _beneath;

    internal DirectoryInterest(ActiveRule[] activeRules, string[] singleNames, IgnoreRules? rules, DirectoryMarkers markers)
    {
        ActiveRules = activeRules;
        _singleNames = singleNames;
        Rules = rules;
        Markers = markers;
        IsGenerated = MarkerFile.IsGenerated(markers);
        ServiceIndexes = IsGenerated ? [] : [.. activeRules.Select(active => active.Rule.Service).Distinct().Order()];
    }

    /// <summary>
    /// False: only single names are wanted here (watch paths that lie in this directory), and of its subdirectories only those that are
    /// roots.
    /// </summary>
    public bool Descends => ActiveRules.Length > 0;

    /// <summary>Names of watch paths in this directory: relevant by themselves should they be files.</summary>
    public IReadOnlyList<string> SingleNames => _singleNames;

    /// <summary>The services that want files beneath, as indexes into <see cref="WatchFilter.Services"/>.</summary>
    public IReadOnlyList<int> ServiceIndexes { get; }

    /// <summary>Whether any service wants to know about the file. False: neither look at it nor store it. Allocates nothing.</summary>
    /// <param name="file">Absolute path of anything but a directory, in the directory that this interest is of.</param>
    public bool Wants(ReadOnlySpan<char> file)
    {
        var name = file[(file.LastIndexOf('/') + 1)..];

        if (IsSingleName(name))
            return true;

        if (IsGenerated || BuiltInIgnores.IsIgnoredFile(name))
            return false;

        foreach (var active in ActiveRules)
        {
            if (active.Rule.Wants(active.IsIncluded, file))
                return Rules is null || !Rules.Ignores(file, isDirectory: false);
        }

        return false;
    }

    internal ActiveRule[] ActiveRules { get; }

    /// <summary>Of git's, for what lies in the directory.</summary>
    internal IgnoreRules? Rules { get; }

    internal DirectoryMarkers Markers { get; }

    /// <summary>By its marks nothing in it is a source.</summary>
    internal bool IsGenerated { get; }

    /// <summary>The same activeRules and rules for a directory in this one, of which nothing else is known.</summary>
    internal DirectoryInterest Beneath =>
        Markers == DirectoryMarkers.None && _singleNames.Length == 0 ? this : _beneath ??= new DirectoryInterest(ActiveRules, [], Rules, DirectoryMarkers.None);

    private bool IsSingleName(ReadOnlySpan<char> name)
    {
        foreach (var single in _singleNames)
        {
            if (name.SequenceEqual(single))
                return true;
        }

        return false;
    }
}
