using System.Text.Json.Nodes;

namespace Supervisor.Cli.Init.Reading;

/// <summary><c>mix.exs</c> of Phoenix, which loads its code again by itself, but not its configuration. Pure.</summary>
internal static class PhoenixReader
{
    private const int UsualPort = 4000;

    public static FoundServices Read(ProjectFiles files, string file)
    {
        var folder = ProjectFiles.FolderOf(file);
        var service = new ServiceDraft(CarriedNames.Of(folder.Length == 0 ? "web" : ProjectFiles.NameOf(folder)), new SourcePlace(file, 0));
        service.Set("command", Json.List(["mix", "phx.server"]));
        service.Set("cwd", folder.Length == 0 ? null : folder);
        service.Set("port", UsualPort);
        service.Set("watch", new JsonObject
        {
            ["paths"] = Json.List([file, .. files.Paths.Any(path => path.StartsWith(ProjectFiles.Join(folder, "config") + "/", StringComparison.Ordinal)) ? (string[])[ProjectFiles.Join(folder, "config")] : []]),
        });
        service.Set("ready", new JsonObject { ["tcp"] = UsualPort });
        return new FoundServices(file, [service.Done()], []);
    }
}
