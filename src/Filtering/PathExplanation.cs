using Supervisor.Filtering.Gitignore;
using Supervisor.Filtering.Links;

namespace Supervisor.Filtering;

/// <summary>Whether one service wants a path, and why.</summary>
/// <param name="IsWanted">Changes to the file are reported to the service; for a directory: changes to files in it.</param>
/// <param name="Reason">The rule that decides, in words: where it stands and how it is written.</param>
public sealed record ServiceVerdict(string Service, bool IsWanted, string Reason);

/// <summary>
/// Says which rule decides about a path, for people. Goes through the same rules in the same order as the walk of <see cref="WatchFilter"/>, one
/// service at a time. The filter's book must know the directories that lead to the path.
/// </summary>
public static class PathExplanation
{
    private const string Itself = "it is a watch path, which no rule ignores";
    private const string OwnFolder = "it is where the supervisor keeps its own files";

    /// <param name="path">Absolute, without trailing slash.</param>
    /// <param name="links">Those to folders that the path leads through, or is.</param>
    public static IReadOnlyList<ServiceVerdict> Of(WatchFilter filter, string path, bool isDirectory, IReadOnlyList<LinkOnPath> links) =>
        [.. filter.Services.Select((service, index) => Of(filter, service, [.. filter.Rules.Where(rule => rule.Service == index)], path, isDirectory, links))];

    // A service with several watch paths over one file wants it if one of them does.
    private static ServiceVerdict Of(
        WatchFilter filter, string service, WatchRule[] rules, string path, bool isDirectory, IReadOnlyList<LinkOnPath> links)
    {
        var verdicts = rules.Where(rule => IsAtOrBeneath(path, rule.Root)).Select(rule => Judge(filter, rule, path, isDirectory, links)).ToList();

        var (isWanted, reason) = verdicts.Find(verdict => verdict.IsWanted) is { IsWanted: true } wanted ? wanted
            : verdicts.Count > 0 ? verdicts[0]
            : (false, rules.Length == 0 ? "it has no watch paths" : $"it lies outside its watch paths ({string.Join(", ", rules.Select(rule => rule.Root))})");

        return new ServiceVerdict(service, isWanted, reason);
    }

    private static (bool IsWanted, string Reason) Judge(
        WatchFilter filter, WatchRule rule, string path, bool isDirectory, IReadOnlyList<LinkOnPath> links)
    {
        LinkOnPath[] beneath = [.. links.Where(link => link.Path.Length > rule.Root.Length && IsAtOrBeneath(link.Path, rule.Root))];

        // What is ignored is ignored as a link, too.
        if (Array.Find(beneath, link => !rule.FollowsLinks || link.Refusal is not null) is { } refused && rule.LeadsTo(refused.Path))
            return (false, refused.ReasonNotFollowed(rule.FollowsLinks));

        var (isWanted, reason) = Judge(filter, rule, path, isDirectory);
        return isWanted && beneath.Length > 0 ? (true, $"{reason}, {string.Join(", ", beneath.Select(link => link.Way))}") : (isWanted, reason);
    }

    private static (bool IsWanted, string Reason) Judge(WatchFilter filter, WatchRule rule, string path, bool isDirectory)
    {
        if (path == rule.Root && !isDirectory && path != "/")
            return filter.Enter(Path.GetDirectoryName(path)!) is null ? (false, OwnFolder) : (true, Itself);

        if (filter.IsOwn(rule.Root))
            return (false, OwnFolder);

        if (path == rule.Root)
            return (true, Itself);

        var active = rule.AtRoot;

        for (var folder = rule.Root; ;)
        {
            var next = path.IndexOf('/', folder == "/" ? 1 : folder.Length + 1);

            // Still wanted by this rule, or the loop had ended.
            var interest = filter.Enter(folder)!;

            if (next < 0 && !isDirectory)
                return JudgeFile(rule, active, interest, path);

            var directory = next < 0 ? path : path[..next];

            if ((ReasonToPrune(filter, interest, directory) ?? rule.ReasonToPrune(active, directory)) is { } reason)
                return (false, directory == path ? reason : $"{FileName.Printable(directory)}/ is left out: {reason}");

            if (filter.RulesByDirectory[directory].Markers.HasFlag(DirectoryMarkers.Checkout))
                return (false, $"{FileName.Printable(directory)} is a checkout of its own (it has a .git); name it in watch.paths to watch it");

            active = rule.Below(active, directory)!.Value;

            if (directory == path)
                return (true, active.IsIncluded ? "files in it are watched" : "an include may match files in it");

            folder = directory;
        }
    }

    private static (bool IsWanted, string Reason) JudgeFile(WatchRule rule, ActiveRule active, DirectoryInterest interest, string file)
    {
        if (interest.IsLeftOut)
            return (false, ReasonOfMark(interest.Markers));

        if (BuiltInIgnores.IsIgnoredFile(file.AsSpan(file.LastIndexOf('/') + 1)))
            return (false, "built in: what editors, tools and desktops leave beside sources");

        if (!rule.Wants(active.IsIncluded, file, out var reason))
            return (false, reason);

        return interest.Rules?.Decide(file, isDirectory: false) is { } verdict
            ? (!verdict.IsIgnored, Describe(verdict))
            : (true, reason);
    }

    private static string? ReasonToPrune(WatchFilter filter, DirectoryInterest interest, string directory)
    {
        var output = MarkerFile.OutputOf(interest.Markers, directory.AsSpan(directory.LastIndexOf('/') + 1));

        return filter.IsOwn(directory) ? OwnFolder
            : interest.IsLeftOut ? ReasonOfMark(interest.Markers)
            : output != DirectoryMarkers.None ? $"built in: beside {MarkerFile.Describe(output)} it is a build output"
            : interest.Rules?.Decide(directory, isDirectory: true) is { IsIgnored: true } verdict ? Describe(verdict)
            : null;
    }

    private static string ReasonOfMark(DirectoryMarkers markers) => $"built in: {MarkerFile.Describe(markers)} marks a directory whose content can be made again";

    private static string Describe(IgnoreVerdict verdict) =>
        $"{FileName.Printable(verdict.File.Path)}:{verdict.Pattern.Line}: {FileName.Printable(verdict.Pattern.Text)}";

    private static bool IsAtOrBeneath(string path, string root) =>
        root == "/" || (path.StartsWith(root, StringComparison.Ordinal) && path.AsSpan(root.Length) is [] or ['/', ..]);
}
