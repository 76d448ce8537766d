using System.Globalization;
using Supervisor.Configuration.Text;
using Supervisor.Configuration.Variables;

namespace Supervisor.Configuration.Sections;

/// <summary>One service of an entry of <c>services</c>: with <c>instances</c>, an entry stands for several.</summary>
/// <param name="Entry">The same for all instances of the entry.</param>
/// <param name="Number">From 1; null: the entry is one service.</param>
internal sealed record ServiceInstance(Member Entry, string Name, int? Number)
{
    public const int Most = 100;

    /// <summary>The variable that has the number.</summary>
    public const string Variable = "INSTANCE";

    private const string Key = "instances";

    /// <summary>What is added to the declared port, which is that of the first instance.</summary>
    public int PortOffset => Number - 1 ?? 0;

    /// <returns>At least one. A wrong number is left for the reader of the service to report.</returns>
    public static IReadOnlyList<ServiceInstance> Of(Member entry, VariableScope global, MistakeList mistakes)
    {
        if (entry.Value is not ConfigNode.Section section || section.Members.FirstOrDefault(member => member.Name == Key) is not { } given)
            return [new ServiceInstance(entry, entry.Name, Number: null)];

        var count = ServiceValues.ExpandNumber(given.Value, global, mistakes);
        var known = entry with { Value = section with { Members = [.. section.Members.Select(member => member.Name == Key ? member with { Value = count } : member)] } };

        return count is ConfigNode.Number { Whole: >= 1 and <= Most and var number }
            ? [.. Enumerable.Range(1, (int)number).Select(i => new ServiceInstance(known, $"{entry.Name}-{i}", i))]
            : [new ServiceInstance(known, entry.Name, Number: null)];
    }

    /// <summary>The variables beneath those of the service.</summary>
    public VariableScope Over(VariableScope global) => Number is { } number
        ? global.With(new EnvironmentLayer(
            VariableSource.Supervisor, File: null, new Dictionary<string, string>(StringComparer.Ordinal) { [Variable] = number.ToString(CultureInfo.InvariantCulture) }))
        : global;

    /// <summary>A probe of the declared port on this machine asks the port of this instance.</summary>
    /// <param name="port">Of this instance.</param>
    public ReadySpec? OnOwnPort(ReadySpec? probe, int? port) => probe switch
    {
        _ when port is null || PortOffset == 0 => probe,
        ReadySpec.Http http when http.Url.IsLoopback && http.Url.Port == port - PortOffset => http with { Url = new UriBuilder(http.Url) { Port = port.Value }.Uri },
        ReadySpec.Tcp { Host: "localhost" or "127.0.0.1" or "::1" } tcp when tcp.Port == port - PortOffset => tcp with { Port = port.Value },
        ReadySpec.All all => all with { Conditions = [.. all.Conditions.Select(single => OnOwnPort(single, port)!)] },
        _ => probe,
    };
}
