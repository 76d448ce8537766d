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
            Add((string)variable.Key, (string?)variable.Value ?? "", clean);

        return clean;
    }

    /// <summary>The environment that another process of this user was started with; null: it cannot be read (no such process, no /proc).</summary>
    public static Dictionary<string, string>? TryReadOf(int pid)
    {
        try
        {
            var clean = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var variable in File.ReadAllText($"/proc/{pid}/environ").Split('\0', StringSplitOptions.RemoveEmptyEntries))
            {
                if (variable.IndexOf('=', StringComparison.Ordinal) is > 0 and var end)
                    Add(variable[..end], variable[(end + 1)..], clean);
            }

            return clean;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void Add(string name, string value, Dictionary<string, string> clean)
    {
        if (!IsOurs(name))
            clean[name] = value;
    }

    internal static bool IsOurs(string name) =>
        Names.Contains(name) || Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}
