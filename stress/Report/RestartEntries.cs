using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Report;

/// <summary>Which ledger entries are restarts: a server started again or read its files again.</summary>
internal static class RestartEntries
{
    public static bool IsRestart(LedgerEntrySeen seen) =>
        seen.Service != "watcher" && seen.Entry is { Event: "reloaded" } or { Event: "started", Generation: > 1 };
}
