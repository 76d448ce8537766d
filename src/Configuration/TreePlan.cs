using System.Text.Json;

namespace Supervisor.Configuration;

/// <summary>The configuration that a tree runs, and the start order. Immutable: a reload replaces the plan. Any thread.</summary>
public sealed class TreePlan
{
    /// <summary>Changes of the configuration file are reported under this name, which no service can have.</summary>
    public const string ConfigurationName = "(configuration)";

    private readonly Dictionary<string, ServiceSpec> _services;
    private readonly Dictionary<string, string> _hashes;

    /// <param name="spec">Valid: names are unique, and dependencies exist and have no cycles.</param>
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
        Subscriptions = [.. spec.Subscriptions
            .Append(new Subscription(ConfigurationName, new WatchSpec([spec.ConfigPath], [], [], TimeSpan.Zero, new OnChange(ChangeAction.None, Signal: null))))
            .OrderBy(subscription => subscription.Service, StringComparer.Ordinal)];
        WatchHash = SpecHash.Of(JsonSerializer.SerializeToUtf8Bytes(
            new WatcherHello(0, 0, "", Epoch: 0, spec.Watcher, Subscriptions, new WatchBaseline(null, default), "", Degraded: false),
            ContractJson.Default.WatcherHello));
    }

    public TreeSpec Spec { get; }

    public DateTimeOffset StartedAt { get; }

    public int MaxStarting { get; }

    public bool Autostart { get; }

    /// <summary>Every service, dependencies first.</summary>
    public IReadOnlyList<string> StartOrder { get; }

    /// <summary>The watch rules of all services that have any, their env files, and of the configuration file.</summary>
    public IReadOnlyList<Subscription> Subscriptions { get; }

    /// <summary>Equal for plans that tell a watcher the same: its settings and all watch rules.</summary>
    public string WatchHash { get; }

    /// <exception cref="KeyNotFoundException">There is no such service.</exception>
    public ServiceSpec this[string service] => _services[service];

    /// <summary>null: there is no such service.</summary>
    public ServiceSpec? Find(string service) => _services.GetValueOrDefault(service);

    public bool Knows(string service) => _services.ContainsKey(service);

    /// <summary>See <see cref="SpecHash"/>; null: there is no such service.</summary>
    public string? HashOf(string service) => _hashes.GetValueOrDefault(service);

    /// <summary>Whether one of the dependants waits until the service is ready: that it has completed is not enough.</summary>
    public bool IsToBeReady(string service, IEnumerable<string> dependants) =>
        dependants.Any(other => _services[other].DependsOn.TryGetValue(service, out var condition) && condition == DependencyCondition.Ready);

    /// <summary>The same run with another configuration.</summary>
    public TreePlan With(TreeSpec spec) => new(spec.Over(Spec), StartedAt, MaxStarting, Autostart);

    /// <summary>The same run with the configuration file as it is now.</summary>
    /// <exception cref="StreamJsonRpc.LocalRpcException">The file has mistakes; it names them all.</exception>
    public TreePlan Reread() => ConfigurationFile.Read(Spec.ConfigPath) is var read && read is ReadResult.Valid { Spec: var spec }
        ? With(spec) : throw ErrorCode.Error(ErrorCode.InvalidConfiguration, string.Join('\n', read.MistakeLines));

    /// <summary>Those of this plan that a reload starts or starts again, if the tree ran with this status before.</summary>
    public IReadOnlyList<string> StartedBy(ConfigurationDifference difference, StatusReport before) =>
    [
        .. difference.Added.Where(service => Autostart && this[service].Autostart),
        .. difference.Changed.Where(changed => changed.Restarts && before.Services.First(status => status.Name == changed.Service).State != ServicePhase.Stopped)
            .Select(changed => changed.Service),
    ];

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
