using System.Text.Json;
using Supervisor.Configuration;
using Supervisor.Processes;

namespace Supervisor.Host.Running;

/// <summary>The service's configuration with its env files as they are now.</summary>
internal abstract record PresentConfiguration
{
    internal sealed record Usable(ServiceSpec Spec) : PresentConfiguration;

    /// <summary>An env file is missing or wrong, a variable is gone, or the working directory does not exist.</summary>
    internal sealed record Unusable(string Reason) : PresentConfiguration;
}

/// <summary>What the env files mean for the newest server.</summary>
internal abstract record EnvFileVerdict
{
    /// <summary>A server that starts now gets what the newest one got.</summary>
    internal sealed record Unchanged : EnvFileVerdict;

    internal sealed record Changed : EnvFileVerdict;

    internal sealed record Unusable(string Reason) : EnvFileVerdict;
}

/// <summary>
/// Reads the service again from the text of the configuration that its parent read, because env files change while the host lives. A service without env
/// files is what the parent said. Thread-safe.
/// </summary>
internal sealed class ServiceConfiguration(HostLaunch launch)
{
    private readonly Dictionary<string, string> _shell = InheritedEnvironment.Read();

    // null: no server was started yet, or the newest start, build or validation found the env files unusable.
    private volatile string? _started;

    /// <summary>Absolute; empty: the service has none.</summary>
    public IReadOnlyList<string> EnvFiles => launch.Spec.EnvFiles?.Paths ?? [];

    private PresentConfiguration Read() => ReadText() switch
    {
        PresentConfiguration.Usable(var spec) when !Directory.Exists(spec.WorkingDirectory) =>
            new PresentConfiguration.Unusable($"services.{spec.Name}.cwd: {spec.WorkingDirectory} is not there; the service starts once it is"),
        var read => read,
    };

    private PresentConfiguration ReadText() => launch.Source is not { } source
        ? new PresentConfiguration.Usable(launch.Spec)
        : ConfigurationFile.ReadService(source, launch.Spec.Name, _shell) switch
        {
            ServiceReadResult.Valid valid => new PresentConfiguration.Usable(valid.Spec),
            ServiceReadResult.Invalid invalid => new PresentConfiguration.Unusable(string.Join("; ", invalid.Mistakes)),
            _ => throw new InvalidOperationException("A service is valid or invalid."),
        };

    /// <summary>For a server that starts now.</summary>
    public PresentConfiguration ReadForStart()
    {
        var present = Read();
        _started = present is PresentConfiguration.Usable(var spec) ? Text(spec) : null;
        return present;
    }

    /// <summary>For a build or a validation before a start, or beside a server. Its refusal ends when the files are usable, whatever they then say.</summary>
    public PresentConfiguration ReadForPreflight()
    {
        var present = Read();

        if (present is PresentConfiguration.Unusable)
            _started = null;

        return present;
    }

    /// <summary>Why no server could start now; null: it could.</summary>
    public string? FindLack() => (Read() as PresentConfiguration.Unusable)?.Reason;

    public EnvFileVerdict Compare() => Read() switch
    {
        PresentConfiguration.Unusable(var reason) => new EnvFileVerdict.Unusable(reason),
        PresentConfiguration.Usable(var spec) when Text(spec) == _started => new EnvFileVerdict.Unchanged(),
        _ => new EnvFileVerdict.Changed(),
    };

    private static string Text(ServiceSpec spec) => JsonSerializer.Serialize(spec, ContractJson.Default.ServiceSpec);
}
