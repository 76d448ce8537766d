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
        var tasks = services.Where(service => service.Kind == ServiceKind.Task).Select(service => service.Instance.Entry.Name).ToHashSet(StringComparer.Ordinal);
        var entries = services.GroupBy(service => service.Instance.Entry.Name, StringComparer.Ordinal)
            .ToDictionary(entry => entry.Key, IReadOnlyList<string> (entry) => [.. entry.Select(service => service.Spec.Name)], StringComparer.Ordinal);

        return new TreeSpec(file, watcher, grace, [.. services.Select(service => OnEveryInstance(service.Spec, entries, tasks))], section.Choice("reload", Choices.Reload, ReloadMode.Tell))
        {
            Groups = GroupReader.Read(section, entries),
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
            && EnvironmentReader.Global(node, paths, VariableScope.Of(shell), mistakes) is var global
            && services.Members.Where(member => service.StartsWith(member.Name, StringComparison.Ordinal))
                .SelectMany(member => ServiceInstance.Of(member, global, mistakes)).FirstOrDefault(instance => instance.Name == service) is { } found
            ? ServiceSection.Read(found, paths, global, mistakes)
            : null;
    }

    /// <summary>Who depends on an entry with instances depends on each of them. A task is ready when it has completed.</summary>
    private static ServiceSpec OnEveryInstance(ServiceSpec spec, Dictionary<string, IReadOnlyList<string>> entries, HashSet<string> tasks)
    {
        var dependencies = new SortedDictionary<string, DependencyCondition>(StringComparer.Ordinal);

        foreach (var (name, condition) in spec.DependsOn)
        {
            foreach (var instance in entries.GetValueOrDefault(name, [name]))
                dependencies[instance] = condition == DependencyCondition.Ready && tasks.Contains(name) ? DependencyCondition.Completed : condition;
        }

        return spec with { DependsOn = dependencies, RestartWith = spec.RestartWith is { } others ? [.. others.SelectMany(name => entries.GetValueOrDefault(name, [name]))] : null };
    }

    private static OrphanGrace? OrphanGrace(SectionReader section) => section.Node("orphanGrace") switch
    {
        null => null,
        ConfigNode.Text { Value: "forever" } => new OrphanGrace(Period: null),
        _ => new OrphanGrace(section.Value(
            "orphanGrace", text => WatcherSection.Optional(OrphanGraceRange(text), "\"forever\" or "), otherwise: null)),
    };

    private static ReadService[] Services(SectionReader section, ConfigNode root, PathResolver paths, VariableScope global)
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
            .SelectMany(member => ServiceInstance.Of(member, global, section.Mistakes))
            .Select(instance => ServiceSection.Read(instance, paths, global, section.Mistakes))
            .OfType<ReadService>()
            .ToArray();

        ServiceCrossChecks.Check(read, services, section.Mistakes);
        return read;
    }
}
