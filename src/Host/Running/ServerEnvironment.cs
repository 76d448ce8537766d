using System.Globalization;
using Supervisor.Processes;

namespace Supervisor.Host.Running;

/// <summary>The environment of the service's processes: what the tree inherited, what the configuration adds, our tag, and what the output needs.</summary>
internal static class ServerEnvironment
{
    /// <summary>For a process whose output goes into pipes.</summary>
    public static IReadOnlyDictionary<string, string> For(ServiceSpec spec, string? tag, int? port)
    {
        var inherited = InheritedEnvironment.Read();
        inherited.Remove(OutputVariables.TerminalVariable, out var columns);

        return Over(inherited, spec, tag, port, environment => OutputVariables.For(environment, columns));
    }

    /// <summary>For a process with a terminal of its own, whose window then has this size.</summary>
    public static (IReadOnlyDictionary<string, string> Variables, WindowSize Window) ForTerminal(ServiceSpec spec, string? tag, int? port)
    {
        var inherited = InheritedEnvironment.Read();
        inherited.Remove(OutputVariables.TerminalVariable, out var columns);
        var window = OutputVariables.TakeWindow(inherited, columns);

        return (Over(inherited, spec, tag, port, OutputVariables.ForTerminal), window);
    }

    private static Dictionary<string, string> Over(
        Dictionary<string, string> environment, ServiceSpec spec, string? tag, int? port,
        Func<IReadOnlyDictionary<string, string>, IReadOnlyDictionary<string, string>> output)
    {
        foreach (var (name, value) in spec.Environment)
            environment[name] = value;

        environment["SUPERVISOR_SERVICE"] = spec.Name;

        // A shell that we start it through would correct an inherited one anyway.
        environment["PWD"] = spec.WorkingDirectory;

        if (tag is not null)
            environment[ProcessScope.TagVariable] = tag;

        if (port is { } number)
            environment["PORT"] = number.ToString(CultureInfo.InvariantCulture);

        foreach (var (name, value) in output(environment))
            environment[name] = value;

        return environment;
    }
}
