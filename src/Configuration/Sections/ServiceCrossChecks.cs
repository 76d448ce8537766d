using Supervisor.Configuration.Text;
using Supervisor.Configuration.Values;

namespace Supervisor.Configuration.Sections;

/// <summary>Checks across services: names of others that cannot be followed, and a port that two services use.</summary>
internal static class ServiceCrossChecks
{
    public static void Check(IReadOnlyList<ReadService> services, ConfigNode.Section section, MistakeList mistakes)
    {
        var names = section.Members.Select(m => m.Name).ToHashSet(StringComparer.Ordinal);
        var instances = services.Where(service => service.Instance.Number is not null).ToArray();
        var entryOf = instances.ToLookup(service => service.Spec.Name, service => service.Instance.Entry.Name, StringComparer.Ordinal);

        // All instances of an entry depend on the same.
        var entries = services.DistinctBy(service => service.Instance.Entry.Name, StringComparer.Ordinal)
            .ToDictionary(service => service.Instance.Entry, service => service.Spec with { Name = service.Instance.Entry.Name });

        foreach (var (member, spec) in entries)
        {
            Names(member, "dependsOn", spec.DependsOn.Keys, names, entryOf, mistakes);
            Names(member, "restartWith", spec.RestartWith ?? [], names, entryOf, mistakes);
        }

        foreach (var service in instances)
            Name(service, names, mistakes);

        Cycles(entries, "dependsOn", spec => spec.DependsOn.Keys, "so none of these services could start", mistakes);
        Cycles(entries, "restartWith", spec => spec.RestartWith ?? [], "so one restart would never end", mistakes);
        Ports(services, mistakes);
    }

    private static void Name(ReadService service, HashSet<string> names, MistakeList mistakes)
    {
        var (entry, name) = (service.Instance.Entry, service.Spec.Name);
        var (path, at) = Place(entry, "instances");

        if (names.Contains(name))
            mistakes.Add(path, at, $"makes a service called {name}, and there is one of that name; rename one of them");
        else if (ServiceName.Parse(entry.Name).IsValid && !ServiceName.Parse(name).IsValid)
            mistakes.Add(path, at, $"makes a service called {name}, which is too long; the longest name of a service has {ServiceName.MaxLength} characters");
    }

    private static void Names(Member member, string key, IEnumerable<string> named, HashSet<string> names, ILookup<string, string> entryOf, MistakeList mistakes)
    {
        foreach (var name in named)
        {
            var (path, at) = Place(member, key, name);

            if (name == member.Name)
                mistakes.Add(path, at, "names the service itself");
            else if (!names.Contains(name) && entryOf[name].FirstOrDefault() is { } entry)
                mistakes.Add(path, at, $"names one instance; name all of them: \"{entry}\"");
            else if (!names.Contains(name))
                mistakes.Add(path, at, $"names no service of this file{Suggestion.For(name, names)}");
        }
    }

    private static void Cycles(
        IReadOnlyDictionary<Member, ServiceSpec> services, string key, Func<ServiceSpec, IEnumerable<string>> named, string consequence, MistakeList mistakes)
    {
        var byName = services.ToDictionary(s => s.Value.Name, s => named(s.Value), StringComparer.Ordinal);
        var reported = new HashSet<string>(StringComparer.Ordinal);

        foreach (var (member, spec) in services)
        {
            if (reported.Contains(spec.Name) || CycleThrough(spec.Name, byName) is not { } cycle)
                continue;

            var (path, at) = Place(member, key, cycle[1]);
            mistakes.Add(path, at, $"is part of a cycle, {consequence}: {string.Join(" → ", cycle)}");
            reported.UnionWith(cycle);
        }
    }

    /// <summary>The shortest path from a service back to itself (first and last are the same), by breadth-first search.</summary>
    private static List<string>? CycleThrough(string start, Dictionary<string, IEnumerable<string>> byName)
    {
        var cameFrom = new Dictionary<string, string>(StringComparer.Ordinal);
        var waiting = new Queue<string>([start]);

        while (waiting.TryDequeue(out var name))
        {
            foreach (var next in byName[name].Where(n => byName.ContainsKey(n) && n != name))
            {
                if (next == start)
                    return [.. PathTo(name, start, cameFrom), start];

                if (cameFrom.TryAdd(next, name))
                    waiting.Enqueue(next);
            }
        }

        return null;
    }

    private static List<string> PathTo(string end, string start, Dictionary<string, string> cameFrom)
    {
        var way = new List<string> { end };

        while (way[^1] != start)
            way.Add(cameFrom[way[^1]]);

        way.Reverse();
        return way;
    }

    private static void Ports(IReadOnlyList<ReadService> services, MistakeList mistakes)
    {
        var owners = new Dictionary<int, string>();

        foreach (var (instance, spec) in services.Select(service => (service.Instance, service.Spec)))
        {
            if (spec.Port is not { } port || owners.TryAdd(port, spec.Name))
                continue;

            var (path, at) = Place(instance.Entry, "port");
            mistakes.Add(path, at, $"{port} is already the port of {owners[port]}; two servers cannot share one");
        }
    }

    /// <summary>Path and position of a value inside a service, by the names of its keys; in a list, by the text itself.</summary>
    private static (string Path, TextPosition At) Place(Member member, params string[] steps)
    {
        var (node, at) = (member.Value, member.At);

        foreach (var step in steps)
        {
            (node, at) = node switch
            {
                ConfigNode.Section section => section.Members.First(m => m.Name == step) is var found ? (found.Value, found.At) : default,
                ConfigNode.List list => list.Items.First(item => item is ConfigNode.Text { Value: var text } && text == step) is var item ? (item, item.At) : default,
                _ => (node, at),
            };
        }

        return (node.Path, at);
    }
}
