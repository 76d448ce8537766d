using Supervisor.Configuration;

namespace Supervisor.Parent.Supervision;

/// <summary>The configuration and the start order. Immutable for the life of the parent.</summary>
internal sealed class TreePlan
{
    private readonly Dictionary<string, ServiceSpec> _services;
    private readonly Dictionary<string, string> _hashes;

    /// <param name="startedAt">A moment before any server of this run was started.</param>
    /// <param name="maxStarting">How many services may be starting at once.</param>
    /// <param name="autostart">false: no service starts until a command starts it.</param>
    public TreePlan(TreeSpec spec, DateTimeOffset startedAt, int maxStarting, bool autostart)
    {
        Spec = spec;
        StartedAt = startedAt;
        MaxStarting = maxStarting;
        Autostart = autostart;
        _services = spec.Services.ToDictionary(service => service.Name, StringComparer.Ordinal);
        _hashes = spec.Services.ToDictionary(service => service.Name, SpecHash.Of, StringComparer.Ordinal);
        StartOrder = [.. WithDependencies(_services.Keys.Order(StringComparer.Ordinal))];
    }

    public TreeSpec Spec { get; }

    public DateTimeOffset StartedAt { get; }

    public int MaxStarting { get; }

    public bool Autostart { get; }

    /// <summary>Every service, dependencies first.</summary>
    public IReadOnlyList<string> StartOrder { get; }

    public ServiceSpec this[string service] => _services[service];

    public bool Knows(string service) => _services.ContainsKey(service);

    public string HashOf(string service) => _hashes[service];

    public IEnumerable<string> DependantsOf(string service) =>
        _services.Values.Where(other => other.DependsOn.ContainsKey(service)).Select(other => other.Name);

    /// <summary>The services and everything that they depend on, dependencies first. There are no cycles: the configuration's reader refuses them.</summary>
    public IReadOnlyList<string> WithDependencies(IEnumerable<string> services)
    {
        var ordered = new List<string>();

        void Visit(string service)
        {
            if (ordered.Contains(service))
                return;

            foreach (var needed in _services[service].DependsOn.Keys.Order(StringComparer.Ordinal))
                Visit(needed);

            ordered.Add(service);
        }

        foreach (var service in services)
            Visit(service);

        return ordered;
    }
}
