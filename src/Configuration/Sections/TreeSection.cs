using Supervisor.Configuration.Text;
using Supervisor.Configuration.Values;
using Supervisor.Configuration.Variables;

namespace Supervisor.Configuration.Sections;

/// <summary>The whole file: its sections, then the checks across services.</summary>
internal static class TreeSection
{
    private static readonly Func<string, Parsed<TimeSpan>> OrphanGraceRange = Duration.Between(TimeSpan.Zero, TimeSpan.FromDays(30));

    /// <returns>A specification that is valid only if there are no mistakes.</returns>
    public static TreeSpec Read(string file, ConfigNode root, IReadOnlyDictionary<string, string> shell, MistakeList mistakes)
    {
        var paths = new PathResolver(Path.GetDirectoryName(file)!);

        if (SectionReader.Expect<ConfigNode.Section>(root, "an object", mistakes) is not { } node)
            return new TreeSpec(file, null!, OrphanGrace: null, []);

        var section = SectionReader.Open(node, Keys.Root, mistakes)!;
        var global = EnvironmentReader.Global(node, paths, VariableScope.Of(shell), mistakes);

        section.Value("$schema", Parsed.Ok, otherwise: "");

        var (watcher, grace) = (WatcherSection.Read(section.Child("watcher", Keys.Watcher)), OrphanGrace(section));
        var services = Services(section, root, paths, global);

        return new TreeSpec(file, watcher, grace, [.. services.Select(service => service.Spec)], section.Choice("reload", Choices.Reload, ReloadMode.Tell))
        {
            Lacks = [.. mistakes.Lacks.Select(lack => lack.ToString())],
            Incomplete = [.. services.Where(service => service.IsIncomplete).Select(service => service.Spec.Name)],
        };
    }

    /// <summary>One service alone.</summary>
    /// <returns>null: there is no such service, or the mistakes say what is wrong.</returns>
    public static ReadService? ReadService(string file, ConfigNode root, string service, IReadOnlyDictionary<string, string> shell, MistakeList mistakes)
    {
        var paths = new PathResolver(Path.GetDirectoryName(file)!);

        return root is ConfigNode.Section node && SectionReader.Open(node, Keys.Root, mistakes)?.Node("services") is ConfigNode.Section services
            && services.Members.FirstOrDefault(member => member.Name == service) is { } member
            ? ServiceSection.Read(member, paths, EnvironmentReader.Global(node, paths, VariableScope.Of(shell), mistakes), mistakes)
            : null;
    }

    private static OrphanGrace? OrphanGrace(SectionReader section) => section.Node("orphanGrace") switch
    {
        null => null,
        ConfigNode.Text { Value: "forever" } => new OrphanGrace(Period: null),
        _ => new OrphanGrace(section.Value(
            "orphanGrace", text => WatcherSection.Optional(OrphanGraceRange(text), "\"forever\" or "), otherwise: null)),
    };

    private static IReadOnlyList<ReadService> Services(SectionReader section, ConfigNode root, PathResolver paths, VariableScope global)
    {
        if (section.Node("services") is not { } node)
        {
            section.Mistakes.Add(root, "has no \"services\": name at least one server to run");
            return [];
        }

        if (SectionReader.Expect<ConfigNode.Section>(node, "an object", section.Mistakes) is not { } services)
            return [];

        if (services.Members.Count == 0)
            section.Mistakes.Add(node, "is empty: name at least one server to run");

        var read = services.Members
            .Select(member => (Member: member, Service: ServiceSection.Read(member, paths, global, section.Mistakes)))
            .Where(pair => pair.Service is not null)
            .ToDictionary(pair => pair.Member, pair => pair.Service!);

        ServiceCrossChecks.Check(read.ToDictionary(pair => pair.Key, pair => pair.Value.Spec), services, section.Mistakes);
        return [.. read.Values];
    }
}
