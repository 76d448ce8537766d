using System.Text.Json.Nodes;

namespace Supervisor.Cli.Init.Reading;

/// <summary><c>manage.py</c> of Django. Pure.</summary>
internal static class DjangoReader
{
    private const int UsualPort = 8000;

    public static FoundServices Read(ProjectFiles files, string file)
    {
        var folder = ProjectFiles.FolderOf(file);
        var service = new ServiceDraft(CarriedNames.Of(folder.Length == 0 ? "web" : ProjectFiles.NameOf(folder)), new SourcePlace(file, 0));
        service.Set("command", PythonTools.Command(files, folder, "python", "manage.py", "runserver", "--noreload", "127.0.0.1:$PORT"));
        service.Set("cwd", folder.Length == 0 ? null : folder);
        service.Set("port", UsualPort);
        service.Set("watch", new JsonObject { ["include"] = Json.List(["**/*.py", "**/*.html"]), ["ignore"] = Json.List(["**/migrations/**"]) });
        service.Set("validate", new JsonObject { ["command"] = PythonTools.Command(files, folder, "python", "manage.py", "check"), ["timeout"] = "30s" });
        service.Set("ready", new JsonObject { ["tcp"] = "127.0.0.1:$PORT" });
        return new FoundServices(file, [service.Done(portIsUsual: true)], []);
    }
}
