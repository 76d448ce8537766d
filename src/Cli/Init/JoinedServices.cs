using System.Globalization;
using System.Text.Json.Nodes;
using Supervisor.Cli.Init.Reading;

namespace Supervisor.Cli.Init;

/// <summary>What is written: the services of all used files. Pure.</summary>
/// <param name="NotCarriedOver">Of the files as a whole.</param>
internal sealed record JoinedServices(
    IReadOnlyList<FoundService> Services, JsonObject ForAll, IReadOnlyDictionary<string, IReadOnlyList<string>> Groups, IReadOnlyList<Remark> NotCarriedOver)
{
    public IEnumerable<(string? Service, Remark Remark)> Remarks =>
        [.. NotCarriedOver.Select(remark => ((string?)null, remark)), .. Services.SelectMany(service => service.NotCarriedOver.Select(remark => ((string?)service.Name, remark)))];

    /// <param name="areNamed">The user has named the files: of two services of one name, that of the first file counts. Otherwise each is a program of its own, and the second gets another name.</param>
    public static JoinedServices Of(IReadOnlyList<FoundServices> found, bool areNamed)
    {
        var services = new List<FoundService>();
        var remarks = found.SelectMany(file => file.NotCarriedOver).ToList();
        var ports = new Dictionary<string, string>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);

        foreach (var service in found.SelectMany(file => file.Services))
        {
            if (areNamed && names.Contains(service.Name))
                remarks.Add(new Remark(service.Place, $"{service.Name} is the name of a service of {services.First(it => it.Name == service.Name).Place}, too; that one is taken"));
            else
                services.Add(WithOwnPort(service with { Name = CarriedNames.Unique(service.Name, names) }, ports));
        }

        return new JoinedServices(services, ForAllOf(found, remarks), GroupsOf(found, names, remarks), remarks);
    }

    private static FoundService WithOwnPort(FoundService service, Dictionary<string, string> ports)
    {
        if (service.Members["port"]?.ToString() is not { } port || ports.TryAdd(port, service.Name))
            return service;

        var members = service.Members.DeepClone().AsObject();
        var owner = ports[port];

        if (service.PortIsUsual && int.TryParse(port, CultureInfo.InvariantCulture, out var free))
        {
            while (!ports.TryAdd($"{free}", service.Name))
                free++;

            members["port"] = free;
            return service with { Members = members };
        }

        members.Remove("port");
        return service with { Members = members, NotCarriedOver = [.. service.NotCarriedOver, new Remark(service.Place, $"port {port} is already that of {owner}")] };
    }

    private static JsonObject ForAllOf(IReadOnlyList<FoundServices> found, List<Remark> remarks)
    {
        var joined = new JsonObject();

        foreach (var file in found)
        {
            foreach (var (key, value) in file.ForAll)
            {
                if (!joined.ContainsKey(key))
                    joined[key] = value!.DeepClone();
                else if (joined[key]!.ToJsonString() != value!.ToJsonString())
                    remarks.Add(new Remark(new SourcePlace(file.File, 0), $"{key} of all services: that of the first file is taken"));
            }
        }

        return joined;
    }

    private static Dictionary<string, IReadOnlyList<string>> GroupsOf(IReadOnlyList<FoundServices> found, HashSet<string> services, List<Remark> remarks)
    {
        var groups = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

        foreach (var (file, name, members) in found.SelectMany(file => file.Groups.Select(group => (file.File, CarriedNames.Of(group.Key), group.Value))))
        {
            if (services.Contains(name))
                remarks.Add(new Remark(new SourcePlace(file, 0), $"group {name} ({string.Join(", ", members)}) has the name of a service"));
            else
                groups[name] = [.. groups.GetValueOrDefault(name, []).Concat(members).Where(services.Contains).Distinct(StringComparer.Ordinal)];
        }

        return groups;
    }
}
