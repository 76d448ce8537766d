using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Report;

/// <summary>Which entries of a ledger tell of a server that was started anew or read its files again.</summary>
internal static class Restarts
{
    public static bool IsRestart(LedgerSaid said) =>
        said.Service != "watcher" && said.Entry is { Event: "reloaded" } or { Event: "started", Generation: > 1 };
}
