using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Report;

/// <summary>Which entries of a ledger tell of a server that was started anew or read its files again.</summary>
internal static class RestartEntries
{
    public static bool IsRestart(LedgerEntrySeen seen) =>
        seen.Service != "watcher" && seen.Entry is { Event: "reloaded" } or { Event: "started", Generation: > 1 };
}
