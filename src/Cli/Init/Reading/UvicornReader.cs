using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Supervisor.Cli.Init.Reading;

/// <summary>An ASGI application of FastAPI, Starlette, Litestar or Quart, which uvicorn serves. Pure.</summary>
internal static partial class UvicornReader
{
    private const int UsualPort = 8000;

    private static readonly string[] RootMarkers = ["pyproject.toml", "requirements.txt", "setup.py", "uv.lock", "poetry.lock", "Pipfile"];

    public static bool IsApplication(string text) => Application().IsMatch(text);

    /// <summary>The folder from which the application's module is imported.</summary>
    public static string RootOf(ProjectFiles files, string file)
    {
        var folder = ProjectFiles.FolderOf(file);
        var marked = ProjectFiles.Upwards(folder).FirstOrDefault(above => RootMarkers.Any(marker => files.Has(above, marker)));

        // Without a marker: above the package.
        return marked ?? ProjectFiles.Upwards(folder).First(above => above.Length == 0 || !files.Has(above, "__init__.py"));
    }

    public static FoundServices Read(ProjectFiles files, string file)
    {
        var root = RootOf(files, file);
        var module = (root.Length == 0 ? file : file[(root.Length + 1)..])[..^".py".Length];
        string[] appDir = module.StartsWith("src/", StringComparison.Ordinal) ? ["--app-dir", "src"] : [];
        module = appDir.Length > 0 ? module["src/".Length..] : module;
        module = module.EndsWith("/__init__", StringComparison.Ordinal) ? module[..^"/__init__".Length] : module;

        var text = files.Texts[file];
        var found = Application().Match(text);
        var service = new ServiceDraft(CarriedNames.Of(root.Length == 0 ? "api" : ProjectFiles.NameOf(root)), new SourcePlace(file, text.AsSpan(0, found.Groups["name"].Index).Count('\n') + 1));
        var application = $"{module.Replace('/', '.')}:{(found.Success ? found.Groups["name"].Value : "app")}";
        service.Set("command", PythonTools.Command(files, root, "uvicorn", [application, .. appDir, "--port", "$PORT"]));
        service.Set("cwd", root.Length == 0 ? null : root);
        service.Set("port", UsualPort);
        service.Set("watch", new JsonObject { ["include"] = Json.List(["**/*.py"]) });
        service.Set("ready", new JsonObject { ["tcp"] = "127.0.0.1:$PORT" });
        service.Set("stop", new JsonObject { ["grace"] = "10s" });
        return new FoundServices(file, [service.Done(portIsUsual: true)], []);
    }

    [GeneratedRegex(@"^(?<name>[A-Za-z_]\w*)(?:\s*:\s*\w+)?\s*=\s*(?:\w+\.)?(?:FastAPI|Starlette|Litestar|Quart)\(", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Application();
}
