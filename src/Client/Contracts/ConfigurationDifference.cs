namespace Supervisor.Client;

/// <summary>What a reload of the configuration changes in a running tree, or would change. Services are in the order of their file.</summary>
/// <param name="Added">Services that only the new configuration has.</param>
/// <param name="Removed">Services that only the running configuration has.</param>
/// <param name="Changed">Services with other settings.</param>
/// <param name="Untouched">Services whose settings are the same: their servers and hosts keep running.</param>
/// <param name="Settings">Changed keys outside of the services, for example <c>watcher.settle</c>.</param>
public sealed record ConfigurationDifference(
    IReadOnlyList<string> Added, IReadOnlyList<string> Removed, IReadOnlyList<ServiceDifference> Changed, IReadOnlyList<string> Untouched,
    IReadOnlyList<string> Settings)
{
    /// <summary>A reload changes nothing.</summary>
    [System.Text.Json.Serialization.JsonIgnore] public bool IsEmpty => Added.Count + Removed.Count + Changed.Count + Settings.Count == 0;
}

/// <param name="Keys">The changed keys of the service, for example <c>command</c>.</param>
/// <param name="Restarts">false: the change is applied while the server runs (watch rules), or at its next start (dependencies).</param>
public sealed record ServiceDifference(string Service, IReadOnlyList<string> Keys, bool Restarts);

/// <summary>The answer to a reload.</summary>
/// <param name="Services">The outcome of each service that was started or restarted.</param>
public sealed record ReloadAnswer(ConfigurationDifference Difference, IReadOnlyList<ServiceOutcome> Services);

/// <summary>An edited configuration file that is not applied.</summary>
/// <param name="Difference">What a reload would change; null: the file has mistakes.</param>
/// <param name="Mistakes">One line each.</param>
public sealed record ConfigurationChange(ConfigurationDifference? Difference, IReadOnlyList<string> Mistakes);
