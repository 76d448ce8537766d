namespace Supervisor.Stress.Invariants;

/// <summary>The processes of a tree by the names that samples and ledgers use.</summary>
internal static class Roles
{
    public const string Watcher = "watcher";
    public const string Parent = "parent";

    private const string HostPrefix = "host ";
    private const string ServerPrefix = "server ";

    public static string HostOf(string service) => HostPrefix + service;

    /// <summary>
    /// Ours, that is: written by us and to be as lean at the end of a night as at its beginning. A dev server is its author's.
    /// </summary>
    public static bool IsOurs(string process) =>
        process is Watcher or Parent || process.StartsWith(HostPrefix, StringComparison.Ordinal);

    /// <returns>null: it is no server.</returns>
    public static string? ServiceOfServer(string process) =>
        process.StartsWith(ServerPrefix, StringComparison.Ordinal) ? process[ServerPrefix.Length..] : null;
}
