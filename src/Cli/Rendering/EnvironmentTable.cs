using Supervisor.Configuration.Variables;

namespace Supervisor.Cli.Rendering;

/// <summary>One variable of a server.</summary>
/// <param name="From">The layer that sets it.</param>
/// <param name="Over">The layers beneath that set it too, and lose; highest first.</param>
internal sealed record ServerVariable(string Name, string Value, EnvironmentLayer From, IReadOnlyList<EnvironmentLayer> Over);

/// <summary>Layers as one list: lowest layer first, then by name. Pure.</summary>
internal static class EnvironmentTable
{
    /// <param name="layers">Lowest first.</param>
    public static IReadOnlyList<ServerVariable> Of(IReadOnlyList<EnvironmentLayer> layers) =>
    [
        .. layers.SelectMany((layer, level) => layer.Variables
            .Where(variable => !layers.Skip(level + 1).Any(above => above.Variables.ContainsKey(variable.Key)))
            .OrderBy(variable => variable.Key, StringComparer.Ordinal)
            .Select(variable => new ServerVariable(
                variable.Key, variable.Value, layer, [.. layers.Take(level).Where(beneath => beneath.Variables.ContainsKey(variable.Key)).Reverse()]))),
    ];
}
