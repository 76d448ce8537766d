using Supervisor.Cli.Rendering;
using Supervisor.Configuration;

namespace Supervisor.Cli.Foreground;

/// <summary>What a start asks of the parent.</summary>
/// <param name="Services">Empty: nothing, the parent starts those with autostart by itself.</param>
/// <param name="Alone">Without what they depend on, and without waiting for it.</param>
internal sealed record StartRequest(IReadOnlyList<string> Services, bool Alone);

/// <summary>The services that one <c>supervisor start</c> starts. Pure.</summary>
internal static class StartedServices
{
    /// <param name="asked">Empty: those with autostart.</param>
    /// <returns>With everything that they depend on, in the order of the configuration.</returns>
    public static IReadOnlyList<ServiceSpec> Of(IReadOnlyList<ServiceSpec> all, IReadOnlyList<string> asked)
    {
        var byName = all.ToDictionary(service => service.Name, StringComparer.Ordinal);
        var wanted = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(asked.Count > 0 ? asked : all.Where(service => service.Autostart).Select(service => service.Name));

        while (open.TryPop(out var name))
        {
            if (!byName.TryGetValue(name, out var service) || !wanted.Add(name))
                continue;

            foreach (var dependency in service.DependsOn.Keys)
                open.Push(dependency);
        }

        return [.. all.Where(service => wanted.Contains(service.Name))];
    }

    /// <summary>Those of a request; without what they depend on if it says so.</summary>
    public static IReadOnlyList<ServiceSpec> Of(IReadOnlyList<ServiceSpec> all, StartRequest request) =>
        request.Alone ? [.. all.Where(service => request.Services.Contains(service.Name, StringComparer.Ordinal))] : Of(all, request.Services);

    /// <summary>The same with a service that must be among them.</summary>
    /// <param name="needed">null: none.</param>
    /// <returns>What starts, and what a command has to ask for because the parent does not start it by itself.</returns>
    public static (IReadOnlyList<ServiceSpec> Started, StartRequest Asked) With(string? needed, IReadOnlyList<ServiceSpec> all, StartRequest asked)
    {
        var started = Of(all, asked);

        if (needed is null || started.Any(service => service.Name == needed))
            return (started, asked);

        var more = Of(all, asked with { Services = [needed] });
        return ([.. all.Where(service => started.Contains(service) || more.Contains(service))], asked with { Services = [.. asked.Services, needed] });
    }

    /// <summary>Whether every service is up, is down for good, or waits for one that is.</summary>
    public static bool HaveSettled(IReadOnlyList<ServiceSpec> services, IReadOnlyList<ServiceStatus> statuses)
    {
        var specs = services.ToDictionary(service => service.Name, StringComparer.Ordinal);
        var board = statuses.ToDictionary(status => status.Name, StringComparer.Ordinal);

        return services.All(service => board.TryGetValue(service.Name, out var status) && (!StartSummary.IsUnderWay(status) || IsDown(service.Name)));

        bool IsDown(string name) => specs.ContainsKey(name) && board.TryGetValue(name, out var status) && status.State switch
        {
            ServicePhase.Blocked or ServicePhase.CrashLoop or ServicePhase.Failed => true,
            ServicePhase.Stopped => !StartSummary.IsUnderWay(status),
            ServicePhase.Pending => specs[name].DependsOn.Any(needed => IsDown(needed.Key) && !DependencyRule.IsMet(needed.Value, specs[needed.Key], board[needed.Key])),
            _ => false,
        };
    }

    /// <summary>What a browser opens: the addresses of HTTP probes, on the ports that the services really have.</summary>
    public static IReadOnlyDictionary<string, Uri> Addresses(IReadOnlyList<ServiceSpec> services, IReadOnlyList<ServiceStatus> statuses)
    {
        var ports = statuses.ToDictionary(status => status.Name, status => status.Ports, StringComparer.Ordinal);
        var addresses = new Dictionary<string, Uri>(StringComparer.Ordinal);

        foreach (var service in services)
        {
            if (service.Ready?.Each().OfType<ReadySpec.Http>().FirstOrDefault() is { Url: var url })
            {
                addresses[service.Name] = url.Port == service.Port && ports.TryGetValue(service.Name, out var found) && found is [var port, ..]
                    ? new UriBuilder(url) { Port = port }.Uri
                    : url;
            }
        }

        return addresses;
    }
}
