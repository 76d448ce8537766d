using Supervisor.Filtering.Gitignore;

namespace Supervisor.Filtering;

/// <summary>
/// What the services want in one directory: made by <see cref="WatchFilter.Enter(string)"/>, stored on the directory's node, shared by
/// directories with the same rules. Keeps the rules that it was made with. Immutable.
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
        IsLeftOut = MarkerFile.IsLeftOut(markers);
        FollowsLinks = activeRules.Any(active => active.Rule.FollowsLinks);
        ServiceIndexes = IsLeftOut ? [] : [.. activeRules.Select(active => active.Rule.Service).Distinct().Order()];
    }

    /// <summary>
    /// False: only single names are wanted here (watch paths that lie in this directory), and of its subdirectories only those that are
    /// roots.
    /// </summary>
    public bool Descends => ActiveRules.Length > 0;

    /// <summary>For some service, links in the directory are followed.</summary>
    public bool FollowsLinks { get; }

    /// <summary>Names of watch paths in this directory: wanted themselves if they are files.</summary>
    public IReadOnlyList<string> SingleNames => _singleNames;

    /// <summary>The services that want files beneath, as indexes into <see cref="WatchFilter.Services"/>.</summary>
    public IReadOnlyList<int> ServiceIndexes { get; }

    /// <summary>Whether any service wants the file. False: neither stat nor store it. Allocates nothing.</summary>
    /// <param name="file">Absolute path of anything but a directory, in the directory that this interest is of.</param>
    public bool Wants(ReadOnlySpan<char> file)
    {
        var name = file[(file.LastIndexOf('/') + 1)..];

        if (IsSingleName(name))
            return true;

        if (IsLeftOut || BuiltInIgnores.IsIgnoredFile(name))
            return false;

        foreach (var active in ActiveRules)
        {
            if (active.Rule.Wants(active.IsIncluded, file))
                return Rules is null || !Rules.Ignores(file, isDirectory: false);
        }

        return false;
    }

    internal ActiveRule[] ActiveRules { get; }

    /// <summary>The gitignore rules for entries of the directory.</summary>
    internal IgnoreRules? Rules { get; }

    internal DirectoryMarkers Markers { get; }

    /// <summary>Its marker files show that nothing in it is wanted.</summary>
    internal bool IsLeftOut { get; }

    /// <summary>The same rules for a directory in this one that has no rules of its own.</summary>
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
