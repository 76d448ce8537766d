using System.Globalization;
using Supervisor.Processes;

namespace Supervisor.Host.Running;

/// <summary>The environment of the service's processes: what the tree inherited, what the configuration adds, our tag, and what the output needs.</summary>
internal static class ServerEnvironment
{
    public static IReadOnlyDictionary<string, string> For(ServiceSpec spec, string? tag, int? port)
    {
        var environment = InheritedEnvironment.Read();
        environment.Remove(OutputVariables.TerminalVariable, out var columns);

        foreach (var (name, value) in spec.Environment)
            environment[name] = value;

        environment["SUPERVISOR_SERVICE"] = spec.Name;

        // A shell that we start it through would correct an inherited one anyway.
        environment["PWD"] = spec.WorkingDirectory;

        if (tag is not null)
            environment[ProcessScope.TagVariable] = tag;

        if (port is { } number)
            environment["PORT"] = number.ToString(CultureInfo.InvariantCulture);

        foreach (var (name, value) in OutputVariables.For(environment, columns))
            environment[name] = value;

        return environment;
    }
}
