using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Supervisor.Cli.Init.Reading;

/// <summary><c>vite.config.*</c>, where <c>package.json</c> has no script for it. Pure.</summary>
internal static partial class ViteReader
{
    private const int UsualPort = 5173;

    private static readonly string[] ReadAtStart = ["package.json", ".env"];

    public static FoundServices Read(ProjectFiles files, string file)
    {
        var folder = ProjectFiles.FolderOf(file);
        var service = new ServiceDraft(CarriedNames.Of(folder.Length == 0 ? "frontend" : ProjectFiles.NameOf(folder)), new SourcePlace(file, 0));
        service.Set("command", Json.List(["npx", "vite", "--port", "$PORT", "--strictPort"]));
        service.Set("cwd", folder.Length == 0 ? null : folder);
        SetServer(service, files, folder);
        return new FoundServices(file, [service.Done(portIsUsual: true)], []);
    }

    /// <summary>Vite reloads modules in the browser by itself: it starts again only for what it reads at its start.</summary>
    public static void SetServer(ServiceDraft service, ProjectFiles files, string folder)
    {
        var config = files.Paths.Where(path => ProjectFiles.FolderOf(path) == folder && ProjectFiles.NameOf(path).StartsWith("vite.config.", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray();
        service.Set("port", config.Select(path => OwnPort().Match(files.Texts.GetValueOrDefault(path, ""))).FirstOrDefault(match => match.Success) is { } own
            ? int.Parse(own.Groups["port"].Value, CultureInfo.InvariantCulture)
            : UsualPort);
        service.Set("watch", new JsonObject { ["paths"] = Json.List([.. config, .. ReadAtStart.Where(name => files.Has(folder, name)).Select(name => ProjectFiles.Join(folder, name))]) });
        service.Set("ready", new JsonObject { ["tcp"] = "$PORT" });
    }

    [GeneratedRegex(@"\bserver\s*:\s*\{[^}]*?\bport\s*:\s*(?<port>[1-9][0-9]{1,3}|[1-5][0-9]{4})\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OwnPort();
}
