using Supervisor.Configuration.Text;
using Supervisor.Configuration.Values;

namespace Supervisor.Configuration.Sections;

/// <summary><c>groups</c>: names that stand for services on the command line.</summary>
internal static class GroupReader
{
    /// <param name="services">The services of each entry.</param>
    /// <returns>Also the entries that have instances.</returns>
    public static SortedDictionary<string, IReadOnlyList<string>> Read(SectionReader root, IReadOnlyDictionary<string, IReadOnlyList<string>> services)
    {
        var groups = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var all = services.Values.SelectMany(names => names).ToHashSet(StringComparer.Ordinal);

        foreach (var (entry, instances) in services.Where(entry => !all.Contains(entry.Key)))
            groups[entry] = instances;

        if (root.Node("groups") is not { } node
            || SectionReader.Expect<ConfigNode.Section>(node, "an object such as {\"backend\": [\"api\", \"db\"]}", root.Mistakes) is not { } section)
            return groups;

        foreach (var member in section.Members)
        {
            if (WhyWrong(member.Name, services, all) is { } why)
                root.Mistakes.Add(member.Value.Path, member.At, why);

            groups[member.Name] = Members(member.Value, section, services, all, root.Mistakes);
        }

        return groups;
    }

    private static string? WhyWrong(string name, IReadOnlyDictionary<string, IReadOnlyList<string>> services, HashSet<string> all) =>
        services.ContainsKey(name) || all.Contains(name) ? "is the name of a service, too; give the group another name"
        : ServiceName.Parse(name) is { IsValid: false, Mistake: var mistake } ? mistake.Replace("service name", "name of a group", StringComparison.Ordinal)
        : null;

    private static IReadOnlyList<string> Members(
        ConfigNode group, ConfigNode.Section groups, IReadOnlyDictionary<string, IReadOnlyList<string>> services, HashSet<string> all, MistakeList mistakes)
    {
        IReadOnlyList<ConfigNode> items = group is ConfigNode.List list ? list.Items : [group];
        var members = new List<string>();

        if (items.Count == 0)
            mistakes.AddWrong(group, "is empty: name the services of the group");

        foreach (var item in items)
        {
            if (SectionReader.Expect<ConfigNode.Text>(item, "the name of a service, or a list of names", mistakes) is not { Value: var name })
                continue;

            if (services.TryGetValue(name, out var instances))
                members.AddRange(instances);
            else if (all.Contains(name))
                members.Add(name);
            else if (groups.Members.Any(other => other.Name == name))
                mistakes.AddWrong(item, "is a group: name its services");
            else
                mistakes.AddWrong(item, $"names no service of this file{Suggestion.For(name, services.Keys)}");
        }

        return [.. members.Distinct(StringComparer.Ordinal)];
    }
}
