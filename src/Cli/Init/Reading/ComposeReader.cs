namespace Supervisor.Cli.Init.Reading;

/// <summary>
/// <c>docker-compose.yml</c>. A service that has a <c>command</c> and whose code is in the project runs here, without a container; any other runs as
/// <c>docker compose up</c>. Pure.
/// </summary>
internal static class ComposeReader
{
    private static readonly string[] Known = ["services", "version", "name", "volumes", "networks", "secrets", "configs"];

    public static FoundServices Read(ProjectFiles files, string file)
    {
        var root = YamlSection.Parse(file, files.Texts[file]);
        var services = root.Section("services");
        var written = (services?.Names ?? []).Where(name => services!.Section(name) is not null).ToArray();
        var names = CarriedNames.Of(written);
        var completed = written.SelectMany(name => ComposeDependencies.Of(services!.Section(name)!, names)).Where(it => it.Condition == "completed").Select(it => it.Name).ToHashSet(StringComparer.Ordinal);
        var found = written.Select(name => new ComposeService(name, services!.PlaceOf(name), services.Section(name)!, names, file, completed.Contains(names[name]))).ToArray();
        var over = files.Paths.Where(path => ProjectFiles.FolderOf(path) == ProjectFiles.FolderOf(file) && ProjectFiles.NameOf(path).Contains("compose.override.", StringComparison.Ordinal));

        return new FoundServices(
            file,
            [.. found.Select(service => service.Read())],
            [
                .. root.Names.Where(name => !Known.Contains(name, StringComparer.Ordinal) && !name.StartsWith("x-", StringComparison.Ordinal)).Select(name => new Remark(root.PlaceOf(name), name == "include" ? "include is not read: name those files with --from, too" : $"{name} has no counterpart")),
                .. over.Select(path => new Remark(new SourcePlace(path, 0), "changes only the services that run in a container")),
            ])
        {
            Groups = found.SelectMany(service => service.Profiles.Select(profile => (Profile: profile, Name: names[service.Written]))).GroupBy(it => it.Profile, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, IReadOnlyList<string> (group) => [.. group.Select(it => it.Name)], StringComparer.Ordinal),
        };
    }
}

/// <summary><c>depends_on</c>, as a list or with conditions.</summary>
internal static class ComposeDependencies
{
    public static IEnumerable<(string Name, string Condition)> Of(YamlSection service, IReadOnlyDictionary<string, string> names) =>
        (service.Section("depends_on") is { } section
            ? section.Names.Select(name => (Name: name, Condition: section.Section(name)?.Text("condition")))
            : service.Texts("depends_on").Select(name => (Name: name, Condition: (string?)null)))
        .Where(dependency => names.ContainsKey(dependency.Name))
        .Select(dependency => (names[dependency.Name], dependency.Condition switch { "service_healthy" => "ready", "service_completed_successfully" => "completed", _ => "started" }));
}
