using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Supervisor.Cli.Init.Reading;

/// <summary>
/// <c>Procfile</c>: one command a line. foreman gives each process a port of its own, from 5000 on in steps of 100, and reads <c>.env</c>. Pure.
/// </summary>
internal static partial class ProcfileReader
{
    private const int FirstPort = 5000;
    private const int PortStep = 100;
    private const int RailsPort = 3000;

    public static FoundServices Read(ProjectFiles files, string file)
    {
        var folder = ProjectFiles.FolderOf(file);
        var lines = files.Texts[file].Split('\n')
            .Select((text, at) => (Match: Entry().Match(text.TrimEnd('\r')), Place: new SourcePlace(file, at + 1), Text: text.Trim()))
            .Where(line => line.Text.Length > 0 && line.Text[0] != '#')
            .ToArray();
        var entries = lines.Where(line => line.Match.Success).Select(line => (Name: line.Match.Groups["name"].Value, Command: line.Match.Groups["command"].Value.Trim(), line.Place)).ToArray();
        var names = CarriedNames.Of(entries.Select(entry => entry.Name));
        var isRails = files.Has(folder, "bin/rails") || files.Text(folder, "Gemfile")?.Contains("rails", StringComparison.Ordinal) == true;

        return new FoundServices(
            file,
            [.. entries.DistinctBy(entry => entry.Name, StringComparer.Ordinal).Select((entry, at) => Service(names[entry.Name], entry.Command, entry.Place, folder, UsualPort(at, isRails)))],
            [
                .. lines.Where(line => !line.Match.Success).Select(line => new Remark(line.Place, "is no \"name: command\"")),
                .. entries.GroupBy(entry => entry.Name, StringComparer.Ordinal).SelectMany(group => group.Skip(1)).Select(entry => new Remark(entry.Place, $"{entry.Name} is given twice; the first one counts")),
            ])
        {
            ForAll = files.Has(folder, ".env") ? new JsonObject { ["envFile"] = ProjectFiles.Join(folder, ".env") + "?" } : [],
        };
    }

    private static int UsualPort(int position, bool isRails) => position == 0 && isRails ? RailsPort : FirstPort + (position * PortStep);

    private static FoundService Service(string name, string command, SourcePlace place, string folder, int usualPort)
    {
        var service = new ServiceDraft(name, place);
        service.Set("command", command);
        service.Set("cwd", folder.Length == 0 ? null : folder);
        service.Set("port", Port(name, command, usualPort));

        if (name == "release")
        {
            service.Set("autostart", false);
            service.Set("restart", new JsonObject { ["policy"] = "never" });
            service.NotCarriedOver(place, "release runs before a deployment; here only \"supervisor start release\" runs it");
        }

        return service.Done();
    }

    /// <returns>null: the command says nothing of a port.</returns>
    private static JsonNode? Port(string name, string command, int usual)
    {
        if (PortDefault().Match(command) is { Success: true } withDefault)
            return $"${{PORT:-{withDefault.Groups["port"].Value}}}";

        if (FixedPort().Match(command) is { Success: true } written && int.Parse(written.Groups["port"].Value, CultureInfo.InvariantCulture) is > 0 and <= 65_535 and var port)
            return port;

        return name == "web" || UsesPort().IsMatch(command) ? $"${{PORT:-{usual}}}" : null;
    }

    [GeneratedRegex(@"^(?<name>[A-Za-z0-9_-]+):\s*(?<command>\S.*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Entry();

    [GeneratedRegex(@"\$\{PORT:?-(?<port>[0-9]{2,5})\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PortDefault();

    [GeneratedRegex(@"(?:\bPORT=|--port[= ]|\b(?:rails|puma|rackup|thin|unicorn|next|serve|http-server|flask|php)\b.* -p ?|runserver (?:[0-9.]+:)?)(?<port>[0-9]{2,5})\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FixedPort();

    [GeneratedRegex(@"\$\{?PORT\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UsesPort();
}
