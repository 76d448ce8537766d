namespace Supervisor.Filtering.Links;

/// <summary>
/// Which links to folders are followed. Decides by the link, its target and the configuration alone, whatever was read before: the next watcher comes to
/// the same decision. A chain of links that would lead into a folder twice ends there, so that no cycle does any harm. Pure.
/// </summary>
public static class LinkPolicy
{
    /// <summary>More links than that one behind the other are taken for a mistake.</summary>
    public const int LongestChain = 4;

    /// <summary>More links than that are taken for a folder that holds links instead of sources.</summary>
    public const int MostLinks = 256;

    private static readonly string[] OfTheSystem = ["/proc", "/sys", "/dev", "/run"];

    /// <summary>A path of the system's own: what changes there is no source.</summary>
    public static bool IsOfTheSystem(string path) => OfTheSystem.Any(folder => IsAtOrBeneath(path, folder));

    /// <param name="within">The interest that the link would have if it was a folder.</param>
    /// <returns>Null: it is followed.</returns>
    public static LinkRefusal? ReasonNotToFollow(WatchFilter filter, DirectoryInterest within, LinkedFolder link)
    {
        WatchRule[] rules = [.. within.ActiveRules.Select(active => active.Rule).Where(rule => rule.FollowsLinks)];

        if (rules.Length == 0)
            return new LinkRefusal("\"followLinks\" is false", IsSurprising: false);

        return ReasonOfTarget(filter, link) ?? ReasonOfChain(filter, link) ?? ReasonToTakeThePathItself(filter, rules, link);
    }

    private static LinkRefusal? ReasonOfTarget(WatchFilter filter, LinkedFolder link)
    {
        if (link.Target == "/" || IsOfTheSystem(link.Target) || (link.Home is { } home && IsAtOrBeneath(home, link.Target)))
            return new LinkRefusal("that is too much to watch; name the folders in it that matter in watch.paths", IsSurprising: true);

        return filter.OwnFolders.Any(own => IsAtOrBeneath(own, link.Target) || IsAtOrBeneath(link.Target, own))
            ? new LinkRefusal("the supervisor keeps its own files there", IsSurprising: true)
            : null;
    }

    private static LinkRefusal? ReasonOfChain(WatchFilter filter, LinkedFolder link)
    {
        if (IsAtOrBeneath(link.Holder, link.Target))
            return new LinkRefusal("it leads back to a folder that holds it", IsSurprising: false);

        if (link.Through.FirstOrDefault(target => IsAtOrBeneath(target, link.Target) || IsAtOrBeneath(link.Target, target)) is { } twice)
            return new LinkRefusal($"another link on the way to it leads to {FileName.Printable(twice)} already", IsSurprising: false);

        if (link.Through.Count >= LongestChain)
            return new LinkRefusal($"it stands behind {LongestChain} other links; name its target in watch.paths", IsSurprising: true);

        return filter.Links.Count >= MostLinks && !filter.Links.Contains(link.Path)
            ? new LinkRefusal($"{MostLinks} links are followed already; name its target in watch.paths", IsSurprising: true)
            : null;
    }

    // One path for each file: the one without a link.
    private static LinkRefusal? ReasonToTakeThePathItself(WatchFilter filter, WatchRule[] rules, LinkedFolder link)
    {
        string? itself = null;

        foreach (var rule in rules)
        {
            if ((itself = PathItself(filter, rule.Service, link)) is null)
                return null;
        }

        return new LinkRefusal($"that folder is watched itself, as {FileName.Printable(itself!)}", IsSurprising: false);
    }

    /// <summary>The path at which the service's own rules come to the target without a link; null: they do not.</summary>
    private static string? PathItself(WatchFilter filter, int service, LinkedFolder link)
    {
        foreach (var (root, real) in link.Roots)
        {
            if (!IsAtOrBeneath(link.Target, real))
                continue;

            var rest = link.Target[(real == "/" ? 0 : real.Length)..];
            var itself = root == "/" ? rest : root + rest;

            if (filter.Rules.Any(rule => rule.Service == service && rule.Root == root && rule.LeadsTo(itself)))
                return itself;
        }

        return null;
    }

    private static bool IsAtOrBeneath(string path, string folder) =>
        folder == "/" || (path.StartsWith(folder, StringComparison.Ordinal) && path.AsSpan(folder.Length) is [] or ['/', ..]);
}
