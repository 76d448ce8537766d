using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Supervisor.Cli.Init.Reading;

/// <summary><c>Properties/launchSettings.json</c>: the first profile that runs the project itself, as <c>dotnet run</c> takes it. Pure.</summary>
internal static partial class LaunchSettingsReader
{
    private const string Next = "artifacts/next";
    private const string Run = "artifacts/run";

    private static readonly string[] Watched = ["**/*.cs", "**/*.cshtml", "**/*.razor", "**/*.csproj", "appsettings*.json"];
    private static readonly string[] Known = ["commandName", "applicationUrl", "environmentVariables", "commandLineArgs", "dotnetRunMessages", "launchBrowser", "launchUrl", "inspectUri"];

    public static FoundServices Read(ProjectFiles files, string file)
    {
        var folder = ProjectFiles.FolderOf(ProjectFiles.FolderOf(file));
        var text = files.Texts[file];
        var profiles = Json.Members(Json.Member(Json.Parse(file, text), "profiles")).ToArray();
        var projects = profiles.Where(profile => Json.Text(profile.Value, "commandName") == "Project").ToArray();
        var project = files.Texts.Keys.FirstOrDefault(path => ProjectFiles.FolderOf(path) == folder && path.EndsWith(".csproj", StringComparison.Ordinal));
        SourcePlace PlaceOf(params ReadOnlySpan<string> keys) => new(file, Json.LineOf(text, keys));

        if (projects.Length == 0 || project is null)
            return new FoundServices(file, [], [new Remark(new SourcePlace(file, 0), project is null ? "there is no .csproj beside it" : "no profile has \"commandName\": \"Project\"")]);

        var chosen = projects.FirstOrDefault(profile => Url(profile.Value) is { } url && url.Scheme == "http") is { Value.ValueKind: JsonValueKind.Object } http ? http : projects[0];
        var service = new ServiceDraft(CarriedNames.Of(ProjectFiles.NameOf(project)[..^".csproj".Length].ToLowerInvariant()), PlaceOf("profiles", chosen.Name));
        SetServer(service, chosen.Value, files, project, folder);

        if (files.Texts[project].Contains("Aspire.AppHost", StringComparison.Ordinal))
        {
            service.Set("autostart", false);
            service.NotCarriedOver(new SourcePlace(file, 0), "the AppHost starts the other projects itself: it starts only with \"supervisor start\" and its name");
        }

        foreach (var key in Json.Members(chosen.Value).Select(member => member.Name).Except(Known, StringComparer.Ordinal))
            service.NotCarriedOver(PlaceOf("profiles", chosen.Name, key), $"{key} has no counterpart");

        if (Json.Text(chosen.Value, "applicationUrl")?.Contains("https://", StringComparison.Ordinal) == true)
            service.NotCarriedOver(PlaceOf("profiles", chosen.Name, "applicationUrl"), "only the http address; https needs a certificate: dotnet dev-certs https");

        return new FoundServices(
            file, [service.Done(portIsUsual: false)],
            [.. profiles.Where(profile => profile.Name != chosen.Name).Select(profile => new Remark(PlaceOf("profiles", profile.Name), $"profile {profile.Name}: one profile is one service, and {chosen.Name} is the one"))]);
    }

    private static void SetServer(ServiceDraft service, JsonElement profile, ProjectFiles files, string project, string folder)
    {
        var assembly = AssemblyName().Match(files.Texts[project]) is { Success: true } named ? named.Groups["name"].Value : ProjectFiles.NameOf(project)[..^".csproj".Length];
        var url = Url(profile);
        var urls = url is null ? "" : " --urls http://127.0.0.1:$PORT";
        var arguments = Json.Text(profile, "commandLineArgs") is { Length: > 0 } written ? " " + written : "";

        // The running server has its files mapped, so the build writes into another folder.
        service.Set("command", $"rm -rf {Run} && cp -r {Next} {Run} && exec dotnet {Run}/{assembly}.dll{urls}{arguments}");
        service.Set("build", new JsonObject { ["command"] = Json.List([.. OneAtATime(files, folder), "dotnet", "build", ProjectFiles.NameOf(project), "-o", Next]) });
        service.Set("cwd", folder.Length == 0 ? null : folder);
        service.Set("env", Json.Object(Json.Members(Json.Member(profile, "environmentVariables")).Select(variable => (variable.Name, CarriedText.Literal(variable.Value.ToString())))));
        service.Set("port", url?.Port);
        service.Set("watch", new JsonObject { ["include"] = Json.List(Watched), ["ignore"] = Json.List(["artifacts/**"]) });
        service.Set("ready", url is null ? null : new JsonObject { ["tcp"] = "127.0.0.1:$PORT" });
    }

    /// <summary>Projects that share a third one would build it at the same moment, at which MSBuild fails. A lock on the folder of the configuration keeps them apart.</summary>
    private static string[] OneAtATime(ProjectFiles files, string folder) => files.Paths.Count(path => ProjectFiles.NameOf(path) == "launchSettings.json" && ProjectFiles.IsOwn(path)) > 1
        ? ["flock", folder.Length == 0 ? "." : string.Join('/', folder.Split('/').Select(_ => ".."))]
        : [];

    /// <summary>The http address, else the first one.</summary>
    private static Uri? Url(JsonElement profile)
    {
        var urls = (Json.Text(profile, "applicationUrl") ?? "").Split(';').Select(text => Uri.TryCreate(text.Replace("//+", "//localhost", StringComparison.Ordinal).Replace("//*", "//localhost", StringComparison.Ordinal), UriKind.Absolute, out var url) ? url : null).OfType<Uri>().ToArray();
        return urls.FirstOrDefault(url => url.Scheme == "http") ?? urls.FirstOrDefault();
    }

    [GeneratedRegex(@"<AssemblyName>\s*(?<name>[\w.-]+)\s*</AssemblyName>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AssemblyName();
}
