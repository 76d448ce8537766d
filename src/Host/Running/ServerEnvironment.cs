using System.Globalization;
using Supervisor.Processes;

namespace Supervisor.Host.Running;

/// <summary>What a process of the service finds in its environment: what the tree was started with, what the configuration adds, and our mark.</summary>
internal static class ServerEnvironment
{
    public static IReadOnlyDictionary<string, string> For(ServiceSpec spec, string? tag, int? port)
    {
        var environment = InheritedEnvironment.Read();

        foreach (var (name, value) in spec.Environment)
            environment[name] = value;

        environment["SUPERVISOR_SERVICE"] = spec.Name;

        if (tag is not null)
            environment[ProcessScope.TagVariable] = tag;

        if (port is { } number)
            environment["PORT"] = number.ToString(CultureInfo.InvariantCulture);

        return environment;
    }
}
