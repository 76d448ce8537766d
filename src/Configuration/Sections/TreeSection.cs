using Supervisor.Configuration.Text;
using Supervisor.Configuration.Values;

namespace Supervisor.Configuration.Sections;

/// <summary>The whole file: its sections, then the checks across services.</summary>
internal static class TreeSection
{
    private static readonly Func<string, Parsed<TimeSpan>> OrphanGraceRange = Duration.Between(TimeSpan.Zero, TimeSpan.FromDays(30));

    /// <returns>A specification that is valid only if there are no mistakes.</returns>
    public static TreeSpec Read(string file, ConfigNode root, MistakeList mistakes)
    {
        var paths = new PathResolver(Path.GetDirectoryName(file)!);

        if (SectionReader.Open(root, Keys.Root, mistakes) is not { } section)
            return new TreeSpec(file, null!, OrphanGrace: null, []);

        section.Value("$schema", Parsed.Ok, otherwise: "");

        return new TreeSpec(
            file,
            WatcherSection.Read(section.Child("watcher", Keys.Watcher)),
            OrphanGrace(section),
            Services(section, root, paths),
            section.Choice("reload", Choices.Reload, ReloadMode.Tell));
    }

    private static OrphanGrace? OrphanGrace(SectionReader section) => section.Node("orphanGrace") switch
    {
        null => null,
        ConfigNode.Text { Value: "forever" } => new OrphanGrace(Period: null),
        _ => new OrphanGrace(section.Value(
            "orphanGrace", text => WatcherSection.Optional(OrphanGraceRange(text), "\"forever\" or "), otherwise: null)),
    };

    private static List<ServiceSpec> Services(SectionReader section, ConfigNode root, PathResolver paths)
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
            .Select(member => (Member: member, Spec: ServiceSection.Read(member, paths, section.Mistakes)))
            .Where(pair => pair.Spec is not null)
            .ToDictionary(pair => pair.Member, pair => pair.Spec!);

        ServiceCrossChecks.Check(read, services, section.Mistakes);
        return [.. read.Values];
    }
}
