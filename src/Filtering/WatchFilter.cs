using Supervisor.Filtering.Links;

namespace Supervisor.Filtering;

/// <summary>
/// All services' watch rules as one filter. Directories are filtered by name during the walk, so that an ignored one is never watched; rules
/// above a root do not apply beneath it, so a watch path inside an ignored directory is watched. Immutable except for
/// <see cref="RulesByDirectory"/>; any one thread.
/// </summary>
/// <remarks>
/// Rules that are found in the tree itself (ignore files, marks) come in by way of the <see cref="RulesByDirectory"/>: a directory's interest is made from
/// its parent's and from what the book says of it.
/// </remarks>
public sealed class WatchFilter
{
    private readonly ILookup<string, WatchRule> _rulesByRoot;
    private readonly ILookup<string, string> _singleNamesByFolder;
    private readonly HashSet<string> _ownFolders;
    private readonly HashSet<int> _contentOnly;

    private WatchFilter(string[] services, HashSet<int> contentOnly, WatchRule[] rules, IEnumerable<string> ownFolders, bool usesGitignore, string rulesHash)
    {
        UsesGitignore = usesGitignore;
        Services = services;
        _contentOnly = contentOnly;
        Roots = [.. rules.Select(rule => rule.Root).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        RulesHash = rulesHash;
        Rules = rules;
        _rulesByRoot = rules.ToLookup(rule => rule.Root, StringComparer.Ordinal);
        _singleNamesByFolder = Roots.Where(root => root != "/")
            .ToLookup(FolderOf, root => root[(root.LastIndexOf('/') + 1)..], StringComparer.Ordinal);
        _ownFolders = ownFolders.ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The services' names by index; a service with several subscriptions has several.</summary>
    public IReadOnlyList<string> Services { get; }

    /// <summary>Files that were different for a while are no change for the service; see <see cref="Subscription.ContentOnly"/>.</summary>
    public bool IsContentOnly(int service) => _contentOnly.Contains(service);

    /// <summary>
    /// Every watch path once, parents first: directories, single files or nothing yet. A walk begins at each; where an earlier walk has
    /// been there already, it is that same directory.
    /// </summary>
    public IReadOnlyList<string> Roots { get; }

    /// <summary>A hash of everything that decides which paths are in the state map: a map made under other rules is no baseline.</summary>
    public string RulesHash { get; }

    /// <summary>Whether gitignore rules apply: <c>"gitignore"</c> in the configuration.</summary>
    public bool UsesGitignore { get; }

    internal IReadOnlyList<WatchRule> Rules { get; }

    internal IReadOnlyCollection<string> OwnFolders => _ownFolders;

    internal bool IsOwn(string directory) => _ownFolders.Contains(directory);

    /// <summary>The rules found in the directories themselves. The code that reads the directories sets them.</summary>
    public DirectoryRulesTable RulesByDirectory { get; } = new();

    /// <summary>The links to folders that are followed. The code that reads the directories sets them.</summary>
    public FollowedLinks Links { get; } = new();

    /// <param name="ownFolders">The folders that this program writes to (runtime directory, logs): never watched.</param>
    /// <exception cref="InvalidGlobException">One of the globs cannot be compiled.</exception>
    public static WatchFilter Create(WatcherSpec settings, IReadOnlyList<Subscription> subscriptions, IReadOnlyList<string> ownFolders)
    {
        var rules =
            from pair in subscriptions.Index()
            from root in pair.Item.Watch.Paths.Select(Normalised).Distinct(StringComparer.Ordinal)
            select new WatchRule(pair.Index, root, pair.Item.Watch, settings.Ignore);

        return new WatchFilter(
            [.. subscriptions.Select(subscription => subscription.Service)],
            [.. subscriptions.Index().Where(pair => pair.Item.ContentOnly).Select(pair => pair.Index)],
            [.. rules],
            ownFolders.Select(Normalised),
            settings.Gitignore,
            Filtering.RulesHash.Of(settings, subscriptions));
    }

    /// <summary>
    /// For a directory that is known by its path alone: a root, its parent, or one that is gone. Null: no service wants anything in it.
    /// </summary>
    public DirectoryInterest? Enter(string directory)
    {
        var interest = Step(null, "/");

        for (var end = 2; end <= directory.Length; end++)
        {
            if (end == directory.Length || directory[end] == '/')
                interest = Step(interest, directory[..end]);
        }

        return interest;
    }

    /// <summary>
    /// For a directory found in one that was entered. Null: prune it, neither watch nor read it. Mostly gives the parent's interest itself.
    /// </summary>
    /// <param name="directory">Absolute path.</param>
    public DirectoryInterest? Enter(DirectoryInterest parent, string directory) => Step(parent, directory);

    /// <summary>Adds the indexes of the services that want the file; the same one may come twice.</summary>
    /// <param name="file">Absolute path of anything but a directory, in the directory that <paramref name="interest"/> is of.</param>
    public void AddServices(DirectoryInterest interest, string file, ICollection<int> services)
    {
        foreach (var rule in _rulesByRoot[file])
            services.Add(rule.Service);

        if (interest.IsLeftOut || BuiltInIgnores.IsIgnoredFile(file.AsSpan(file.LastIndexOf('/') + 1)))
            return;

        if (interest.Rules is { } inForce && inForce.Ignores(file, isDirectory: false))
            return;

        foreach (var active in interest.ActiveRules)
        {
            if (active.Rule.Wants(active.IsIncluded, file))
                services.Add(active.Rule.Service);
        }
    }

    /// <summary>Adds the indexes of the services that have a watch path at the directory or beneath it; the same one may come twice.</summary>
    public void AddServicesWithRootsIn(string directory, ICollection<int> services)
    {
        foreach (var rules in _rulesByRoot)
        {
            if (!rules.Key.StartsWith(directory, StringComparison.Ordinal) || rules.Key.AsSpan(directory.Length) is not ([] or ['/', ..]))
                continue;

            foreach (var rule in rules)
                services.Add(rule.Service);
        }
    }

    private DirectoryInterest? Step(DirectoryInterest? parent, string directory)
    {
        if (_ownFolders.Contains(directory))
            return null;

        var begun = _rulesByRoot[directory];
        var found = RulesByDirectory[directory].Markers & ~DirectoryMarkers.Git;

        // Where a watch path names a checkout, it is watched for that path alone.
        var isNamedCheckout = found.HasFlag(DirectoryMarkers.Checkout) && begun.Any();
        var inherited = isNamedCheckout || Prunes(parent, directory) ? [] : Below(ThroughLink(parent?.ActiveRules ?? [], directory), directory);
        var markers = inherited.Count == 0 ? found & ~DirectoryMarkers.Checkout : found;
        var singleNames = _singleNamesByFolder[directory];
        var within = RulesByDirectory.Within(parent?.Rules ?? (begun.Any() ? RulesByDirectory.Above(directory) : null), directory);

        if (parent is { Descends: true } && ReferenceEquals(inherited, parent.ActiveRules) && ReferenceEquals(within, parent.Rules)
            && markers == DirectoryMarkers.None && !begun.Any() && !singleNames.Any())
        {
            return parent.Beneath;
        }

        ActiveRule[] activeRules = [.. inherited, .. begun.Select(rule => rule.AtRoot)];
        return activeRules.Length > 0 || singleNames.Any() ? new DirectoryInterest(activeRules, [.. singleNames], within, markers) : null;
    }

    /// <summary>Rules found in the tree prune the directory for every service; roots in it or beneath start without them.</summary>
    private static bool Prunes(DirectoryInterest? parent, string directory) =>
        parent is not null && parent.ActiveRules.Length > 0
        && (parent.IsLeftOut
            || MarkerFile.OutputOf(parent.Markers, directory.AsSpan(directory.LastIndexOf('/') + 1)) != DirectoryMarkers.None
            || (parent.Rules is { } rules && rules.Ignores(directory, isDirectory: true)));

    private ActiveRule[] ThroughLink(ActiveRule[] activeRules, string directory) =>
        Links.Contains(directory) && activeRules.Any(active => !active.Rule.FollowsLinks)
            ? [.. activeRules.Where(active => active.Rule.FollowsLinks)]
            : activeRules;

    // The very same array where nothing changes, which is the rule.
    private static IReadOnlyList<ActiveRule> Below(ActiveRule[] activeRules, string directory)
    {
        List<ActiveRule>? changed = null;

        for (var i = 0; i < activeRules.Length; i++)
        {
            var below = activeRules[i].Rule.Below(activeRules[i], directory);

            if (changed is null && below == activeRules[i])
                continue;

            changed ??= [.. activeRules.AsSpan(0, i)];

            if (below is { } active)
                changed.Add(active);
        }

        return changed is null ? activeRules : changed;
    }

    private static string FolderOf(string path) => path.LastIndexOf('/') is var slash and > 0 ? path[..slash] : "/";

    private static string Normalised(string path) => path.Length > 1 ? path.TrimEnd('/') : path;
}
