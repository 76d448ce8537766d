
namespace Supervisor.Filtering;

/// <summary>One service's rules for one of its watch paths, compiled. Immutable.</summary>
internal sealed class WatchRule
{
    private readonly Glob[] _include;
    private readonly Glob[] _ignore;
    private readonly int _everywhere;

    public WatchRule(int service, string root, WatchSpec watch, IReadOnlyList<string> ignoredEverywhere)
    {
        Service = service;
        Root = root;
        FollowsLinks = watch.FollowLinks;
        _include = [.. watch.Include.Select(Glob.Compile)];
        _everywhere = ignoredEverywhere.Count;
        _ignore = [.. ignoredEverywhere.Concat(watch.Ignore).Select(Glob.Compile)];
    }

    /// <summary>Index of the service in <see cref="WatchFilter.Services"/>.</summary>
    public int Service { get; }

    public string Root { get; }

    /// <summary>Links beneath the root are followed.</summary>
    public bool FollowsLinks { get; }

    /// <summary>The rule at its own root.</summary>
    public ActiveRule AtRoot => new(this, IsIncluded: _include.Length == 0);

    /// <summary>The rule one directory further down; null: it wants nothing there.</summary>
    public ActiveRule? Below(in ActiveRule parent, ReadOnlySpan<char> directory)
    {
        var relative = RelativeToRoot(directory);

        if (BuiltInIgnores.IsIgnoredDirectory(relative[(relative.LastIndexOf('/') + 1)..]) || IsIgnoredDirectory(relative))
            return null;

        if (parent.IsIncluded || Covers(_include, relative))
            return new ActiveRule(this, IsIncluded: true);

        return MayMatchBeneath(relative) ? new ActiveRule(this, IsIncluded: false) : null;
    }

    /// <summary>The globs and the built-in names let a walk from the root come to the directory. Rules found in the tree are not asked.</summary>
    /// <param name="directory">The root, or beneath it.</param>
    public bool LeadsTo(string directory)
    {
        ActiveRule? active = AtRoot;

        for (var end = Root == "/" ? 1 : Root.Length + 1; active is { } above && end < directory.Length; end++)
        {
            end = directory.IndexOf('/', end) is var slash and > 0 ? slash : directory.Length;
            active = Below(above, directory.AsSpan(0, end));
        }

        return active is not null;
    }

    /// <summary>For users: why <see cref="Below"/> returns null; null: it does not.</summary>
    public string? ReasonToPrune(in ActiveRule parent, ReadOnlySpan<char> directory)
    {
        var relative = RelativeToRoot(directory);

        if (BuiltInIgnores.IsIgnoredDirectory(relative[(relative.LastIndexOf('/') + 1)..]))
            return "built in: no sources are kept under that name";

        foreach (var glob in _ignore)
        {
            if (glob.Covers(relative))
                return Describe(glob);
        }

        return Below(parent, directory) is null ? $"no include can match in it: {Includes}" : null;
    }

    /// <summary>Like <see cref="Wants(bool, ReadOnlySpan{char})"/>, with the reason, for users.</summary>
    public bool Wants(bool isIncluded, string file, out string reason)
    {
        var relative = RelativeToRoot(file).ToString();
        var ignoring = Array.Find(_ignore, glob => glob.Matches(relative, isDirectory: false));
        var including = Array.Find(_include, glob => glob.Matches(relative, isDirectory: false));

        reason = ReasonByDefault(relative) is { } builtIn ? $"built in: {builtIn}; an include can name it"
            : ignoring is not null ? Describe(ignoring)
            : including is not null ? $"include \"{including.Text}\""
            : _include.Length == 0 ? $"everything in {Root} is watched"
            : isIncluded ? "an include matches its directory"
            : $"no include matches: {Includes}";

        return Wants(isIncluded, file);
    }

    public bool Wants(bool isIncluded, ReadOnlySpan<char> file)
    {
        var relative = RelativeToRoot(file);

        if (ReasonByDefault(relative) is not null)
            return false;

        return !Matches(_ignore, relative, isDirectory: false) && (isIncluded || Matches(_include, relative, isDirectory: false));
    }

    private string? ReasonByDefault(ReadOnlySpan<char> relative) => _include.Length == 0 ? BuiltInIgnores.ReasonNotToBeSource(relative) : null;

    private string Includes => string.Join(", ", _include.Select(glob => $"\"{glob.Text}\""));

    private string Describe(Glob glob) =>
        $"\"ignore\" of {(Array.IndexOf(_ignore, glob) < _everywhere ? "the watcher" : "the service")}: \"{glob.Text}\"";

    // A root of "/" has no slash of its own to skip.
    private ReadOnlySpan<char> RelativeToRoot(ReadOnlySpan<char> path) => path[(Root == "/" ? 1 : Root.Length + 1)..];

    private bool IsIgnoredDirectory(ReadOnlySpan<char> relative) => Covers(_ignore, relative);

    private bool MayMatchBeneath(ReadOnlySpan<char> relative)
    {
        foreach (var glob in _include)
        {
            if (glob.MayMatchBeneath(relative))
                return true;
        }

        return false;
    }

    private static bool Covers(Glob[] globs, ReadOnlySpan<char> relative)
    {
        foreach (var glob in globs)
        {
            if (glob.Covers(relative))
                return true;
        }

        return false;
    }

    private static bool Matches(Glob[] globs, ReadOnlySpan<char> relative, bool isDirectory)
    {
        foreach (var glob in globs)
        {
            if (glob.Matches(relative, isDirectory))
                return true;
        }

        return false;
    }
}

/// <summary>One rule as it applies to one directory.</summary>
/// <param name="IsIncluded">
/// Every file beneath is wanted unless it is ignored: no include globs, or one of them matched this directory or an ancestor.
/// </param>
internal readonly record struct ActiveRule(WatchRule Rule, bool IsIncluded);
