using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Supervisor.Cli.Init.Reading;

/// <summary>
/// <c>package.json</c>: the script that runs the dev server, of each workspace that has one. The root's own script is left out where it only runs those of the
/// workspaces. Pure.
/// </summary>
internal static partial class PackageJsonReader
{
    public const string FileName = "package.json";
    private const string PnpmWorkspaces = "pnpm-workspace.yaml";

    private static readonly string[] Scripts = ["dev", "start:dev", "develop", "serve", "start"];

    public static FoundServices Read(ProjectFiles files, string file)
    {
        var folder = ProjectFiles.FolderOf(file);
        var root = Json.Parse(file, files.Texts[file]);
        var remarks = new List<Remark>();
        var workspaces = Workspaces(files, folder, root).SelectMany(path => OfPackage(files, path, Json.Parse(path, files.Texts[path]), remarks, isWorkspace: true)).ToArray();
        var own = OfPackage(files, file, root, remarks, isWorkspace: false).ToArray();

        if (workspaces.Length > 0)
        {
            remarks.AddRange(own.Where(service => RunsOthers().IsMatch(Script(root, service.Place, files) ?? "")).Select(service => new Remark(service.Place, "this script runs those of the workspaces, which are services of their own")));
            own = [.. own.Where(service => !RunsOthers().IsMatch(Script(root, service.Place, files) ?? ""))];
        }

        return new FoundServices(file, [.. own, .. workspaces], remarks);
    }

    /// <summary>Whether a file above it names the workspaces, and with that decides about this one.</summary>
    public static bool IsBelowWorkspaces(ProjectFiles files, string file) => ProjectFiles.FolderOf(file) is { Length: > 0 } folder
        && ProjectFiles.Upwards(ProjectFiles.FolderOf(folder)).Any(above => files.Text(above, FileName) is { } text
            && Patterns(files, above, Json.Parse(ProjectFiles.Join(above, FileName), text)).Length > 0);

    private static string? Script(JsonElement package, SourcePlace place, ProjectFiles files) =>
        Json.Members(Json.Member(package, "scripts")).Where(script => Json.LineOf(files.Texts[place.File], "scripts", script.Name) == place.Line).Select(script => script.Value.ToString()).FirstOrDefault();

    private static string[] Patterns(ProjectFiles files, string folder, JsonElement root) =>
    [
        .. Json.Texts(Json.Member(root, "workspaces")),
        .. Json.Texts(Json.Member(Json.Member(root, "workspaces"), "packages")),
        .. files.Text(folder, PnpmWorkspaces) is { } pnpm ? YamlSection.Parse(ProjectFiles.Join(folder, PnpmWorkspaces), pnpm).Texts("packages") : [],
    ];

    private static IEnumerable<string> Workspaces(ProjectFiles files, string folder, JsonElement root)
    {
        var patterns = Patterns(files, folder, root);

        return files.Texts.Keys
            .Where(path => ProjectFiles.NameOf(path) == FileName && path.StartsWith(folder.Length == 0 ? "" : folder + "/", StringComparison.Ordinal))
            .Where(path => ProjectFiles.FolderOf(path)[folder.Length..].Trim('/') is { Length: > 0 } inside
                && patterns.Any(pattern => !pattern.StartsWith('!') && Matches(pattern, inside)) && !patterns.Any(pattern => pattern.StartsWith('!') && Matches(pattern[1..], inside)))
            .Order(StringComparer.Ordinal);
    }

    /// <summary><c>packages/*</c> and <c>apps/**</c>.</summary>
    private static bool Matches(string pattern, string folder) => Regex.IsMatch(
        folder,
        "^" + Regex.Escape(pattern.Replace("./", "", StringComparison.Ordinal).TrimEnd('/')).Replace(@"\*\*", ".*", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal).Replace("..*", ".*", StringComparison.Ordinal) + "$",
        RegexOptions.None, TimeSpan.FromSeconds(1));

    private static IEnumerable<FoundService> OfPackage(ProjectFiles files, string file, JsonElement package, List<Remark> remarks, bool isWorkspace)
    {
        var scripts = Json.Members(Json.Member(package, "scripts")).Where(script => script.Value.ValueKind == JsonValueKind.String).ToDictionary(script => script.Name, script => script.Value.GetString()!, StringComparer.Ordinal);

        if (Scripts.FirstOrDefault(scripts.ContainsKey) is not { } name)
            return [];

        SourcePlace PlaceOf(string script) => new(file, Json.LineOf(files.Texts[file], "scripts", script));

        var parts = scripts.Keys.Where(script => script.StartsWith(name + ":", StringComparison.Ordinal)).ToArray();

        // One that runs several at once is better taken apart: each restarts by itself.
        if (parts.Length > 1 && RunsSeveral().IsMatch(scripts[name]))
        {
            remarks.Add(new Remark(PlaceOf(name), $"{name} runs several scripts at once, which are services of their own: {string.Join(", ", parts)}"));
            return parts.Select(part => Service(files, file, CarriedNames.Of(part[(name.Length + 1)..]), part, scripts[part], PlaceOf(part)));
        }

        var called = isWorkspace ? NameOf(package, file) : ProjectFiles.FolderOf(file) is { Length: > 0 } folder ? ProjectFiles.NameOf(folder) : IsFrontend().IsMatch(scripts[name]) ? "frontend" : "app";
        return [Service(files, file, CarriedNames.Of(called), name, scripts[name], PlaceOf(name))];
    }

    private static string NameOf(JsonElement package, string file) => Json.Text(package, "name") is { Length: > 0 } name ? ProjectFiles.NameOf(name) : ProjectFiles.NameOf(ProjectFiles.FolderOf(file));

    private static FoundService Service(ProjectFiles files, string file, string name, string script, string text, SourcePlace place)
    {
        var service = new ServiceDraft(name, place);
        var folder = ProjectFiles.FolderOf(file);
        var tool = Tool(files, folder);
        var isVite = BareVite().IsMatch(text);
        string[] port = isVite ? [.. tool == "npm" ? (string[])["--"] : [], "--port", "$PORT", "--strictPort"] : [];

        service.Set("command", Json.List([tool, "run", script, .. port]));
        service.Set("cwd", folder.Length == 0 ? null : folder);

        if (isVite)
            ViteReader.SetServer(service, files, folder);
        else if (PlainNode().IsMatch(text))
            service.Set("watch", new JsonObject { ["include"] = Json.List(["**/*.js", "**/*.mjs", "**/*.cjs", "**/*.ts", "**/*.json"]) });

        if (RunsSeveral().IsMatch(text))
            service.NotCarriedOver(place, "the script runs several programs at once; a service for each would restart only the one that has changed");

        return service.Done(portIsUsual: true);
    }

    private static string Tool(ProjectFiles files, string folder)
    {
        foreach (var above in ProjectFiles.Upwards(folder))
        {
            if (files.Text(above, FileName) is { } text && PackageManager().Match(text) is { Success: true } named)
                return named.Groups["tool"].Value;

            foreach (var (lockFile, tool) in ((string, string)[])[("pnpm-lock.yaml", "pnpm"), (PnpmWorkspaces, "pnpm"), ("yarn.lock", "yarn"), ("bun.lock", "bun"), ("bun.lockb", "bun"), ("package-lock.json", "npm")])
            {
                if (files.Has(above, lockFile))
                    return tool;
            }
        }

        return "npm";
    }

    [GeneratedRegex(@"""packageManager""\s*:\s*""(?<tool>npm|pnpm|yarn|bun)@", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PackageManager();

    /// <summary>A script that starts those of other packages.</summary>
    [GeneratedRegex(@"\b(?:turbo|nx|lerna|concurrently|npm-run-all2?|run-p|wsrun|ultra)\b|--workspaces?\b|\b(?:pnpm|yarn|bun|npm)\b.*(?: -r\b|--recursive|--parallel|--filter|--prefix|workspaces? )", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RunsOthers();

    [GeneratedRegex(@"\b(?:concurrently|run-p|npm-run-all2?)\b|[^&]&[^&]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RunsSeveral();

    /// <summary>Vite on a port that nobody has chosen.</summary>
    [GeneratedRegex(@"^vite(?: (?!.*--port\b)(?!build|preview)[^&|;]*)?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BareVite();

    [GeneratedRegex(@"^node (?!.*--watch)[^&|;]*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PlainNode();

    [GeneratedRegex(@"\b(?:vite|next|nuxt|astro|svelte-kit|react-scripts|webpack|ng|vue-cli-service|parcel|remix|gatsby|snowpack)\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IsFrontend();
}
