namespace Supervisor.Stress.Invariants;

/// <summary>The names of the processes of a tree in samples and ledgers.</summary>
internal static class Roles
{
    public const string Watcher = "watcher";
    public const string Parent = "parent";

    private const string HostPrefix = "host ";
    private const string ServerPrefix = "server ";

    public static string HostOf(string service) => HostPrefix + service;

    /// <summary>Whether the process is part of supervisor. A dev server is not.</summary>
    public static bool IsOurs(string process) =>
        process is Watcher or Parent || process.StartsWith(HostPrefix, StringComparison.Ordinal);

    /// <returns>null: it is not a server.</returns>
    public static string? ServiceOfServer(string process) =>
        process.StartsWith(ServerPrefix, StringComparison.Ordinal) ? process[ServerPrefix.Length..] : null;
}
