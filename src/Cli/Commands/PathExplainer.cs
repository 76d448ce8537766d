using Supervisor.Cli.Connection;
using Supervisor.Cli.Rendering;
using Supervisor.Filtering;
using Supervisor.Filtering.Gitignore;
using Supervisor.Filtering.Links;

namespace Supervisor.Cli.Commands;

/// <summary>
/// Explains which rule decides about a path and which services a change to it reloads. Reads the configuration and ignore files; needs no running
/// tree.
/// </summary>
internal static class PathExplainer
{
    public static void Explain(TreeLocation location, TreeSpec spec, IReadOnlyList<string> paths, Screen screen)
    {
        var services = spec.Services.Where(service => service.Watch is not null).ToList();
        var filter = WatchFilter.Create(
            spec.Watcher,
            [.. services.Select(service => new Subscription(service.Name, service.Watch!))],
            [location.Runtime.Root, location.Runtime.StateRoot]);

        foreach (var typed in paths)
        {
            var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(typed));
            var isDirectory = Path.EndsInDirectorySeparator(typed) || Directory.Exists(path);
            LoadIgnoreRules(filter, path);
            var links = LinkOnPath.Find(filter, path);
            screen.Out.WriteLine(FileName.Printable(path) + (isDirectory && path != "/" ? "/" : ""));

            foreach (var verdict in PathExplanation.Of(filter, path, isDirectory, links))
                screen.Out.WriteLine($"  {verdict.Service}: {Outcome(verdict, services.Find(service => service.Name == verdict.Service)!, isDirectory)}: {verdict.Reason}");

            foreach (var service in spec.Services.Where(service => service.EnvFiles?.Paths.Contains(path, StringComparer.Ordinal) == true))
                screen.Out.WriteLine($"  {service.Name}: restarted when its variables change: it is the service's envFile");

            foreach (var unwatched in spec.Services.Except(services))
                screen.Out.WriteLine($"  {unwatched.Name}: not reloaded: it has no \"watch\"");
        }
    }

    private static string Outcome(ServiceVerdict verdict, ServiceSpec service, bool isDirectory) => (verdict.IsWanted, service.Watch!.OnChange.Action) switch
    {
        (false, _) => isDirectory ? "not watched" : "not reloaded",
        (true, ChangeAction.None) => "told, but not reloaded (\"onChange\": \"none\")",
        (true, _) => isDirectory ? "watched" : "reloaded",
    };

    /// <summary>Loads the ignore rules of every directory above the path, as the watcher does.</summary>
    private static void LoadIgnoreRules(WatchFilter filter, string path)
    {
        for (var folder = path; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var markers = CheckoutReader.Mark(folder, IgnoreFileLoader.MarkersIn(folder));
            filter.RulesByDirectory.Set(folder, IgnoreFileLoader.Read(folder, filter.UsesGitignore ? markers : markers & ~DirectoryMarkers.Git));
        }
    }
}
