using System.Collections;

namespace Supervisor.Processes;

/// <summary>
/// This process's environment for other programs: without the variables that are meant only for us. Our heap limit would cap every .NET server below us;
/// an inherited LISTEN_FDS would promise sockets that the server does not have.
/// </summary>
public static class InheritedEnvironment
{
    private static readonly string[] Prefixes = ["DOTNET_GC", "COMPlus_GC", "LISTEN_", "WATCHDOG_"];

    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "DOTNET_TieredPGO", "DOTNET_TieredCompilation", "DOTNET_gcServer", "DOTNET_gcConcurrent", "NOTIFY_SOCKET",
        ProcessScope.TagVariable, KillLadder.RungVariable, LimitGroup.KindVariable, "SUPERVISOR_LOG_DIR",
    };

    /// <summary>Returns a new dictionary, which the caller owns.</summary>
    public static Dictionary<string, string> Read()
    {
        var clean = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var name = (string)variable.Key;
            if (!IsOurs(name))
                clean[name] = (string?)variable.Value ?? "";
        }

        return clean;
    }

    internal static bool IsOurs(string name) =>
        Names.Contains(name) || Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}
