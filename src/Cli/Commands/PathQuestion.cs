using Supervisor.Cli.Connection;
using Supervisor.Cli.Rendering;
using Supervisor.Filtering;
using Supervisor.Filtering.Gitignore;

namespace Supervisor.Cli.Commands;

/// <summary>Which rule decides about a path, and whom a change to it would reload. Reads the configuration and ignore files, asks no tree.</summary>
internal static class PathQuestion
{
    public static void Answer(Checkout checkout, TreeSpec spec, IReadOnlyList<string> paths, Screen screen)
    {
        var services = spec.Services.Where(service => service.Watch is not null).ToList();
        var filter = WatchFilter.Create(
            spec.Watcher,
            [.. services.Select(service => new Subscription(service.Name, service.Watch!))],
            [checkout.Runtime.Root, checkout.Runtime.StateRoot]);

        foreach (var typed in paths)
        {
            var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(typed));
            var isDirectory = Path.EndsInDirectorySeparator(typed) || (Directory.Exists(path) && new DirectoryInfo(path).LinkTarget is null);
            Learn(filter, path);
            screen.Out.WriteLine(FileName.Printable(path) + (isDirectory && path != "/" ? "/" : ""));

            foreach (var verdict in PathExplanation.Of(filter, path, isDirectory))
                screen.Out.WriteLine($"  {verdict.Service}: {Outcome(verdict, services.Find(service => service.Name == verdict.Service)!, isDirectory)}: {verdict.Reason}");

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

    /// <summary>What the watcher learns on its way down to the path.</summary>
    private static void Learn(WatchFilter filter, string path)
    {
        for (var folder = path; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var markers = IgnoreFileLoader.MarkersIn(folder);
            filter.RulesByDirectory.Set(folder, IgnoreFileLoader.Read(folder, filter.UsesGitignore ? markers : markers & ~DirectoryMarkers.Git));
        }
    }
}
