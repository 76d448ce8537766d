using Supervisor.Host.Output;
using Supervisor.Host.StateMachine;
using Supervisor.Wire.Records;

namespace Supervisor.Host.Persistence;

/// <summary>The end of a server whose host died and which was killed with it. Nobody was there to keep the evidence, so the next host does.</summary>
internal static class HostDeath
{
    private const string Cause = "host";
    private const int Entries = 100;

    /// <summary>Reads the ledger and the log file. null: no server ran, or it ended with its boot.</summary>
    /// <param name="earlier">The state file of the earlier host.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file cannot be read.</exception>
    public static LedgerEntry? EntryOf(HostFile? earlier, string bootId, string ledgerPath, string logPath, TimeProvider time)
    {
        if (earlier?.Server is not { } server || earlier.BootId != bootId)
            return null;

        // Not since the ledger's entry of the start: the server may print before that is written.
        var entries = new LedgerFile(ledgerPath).ReadLast(Entries);
        var output = StoredOutput.LastServerLines(logPath, earlier.ServerStartedAt ?? DateTimeOffset.MaxValue, time);
        return EntryOf(earlier, server, entries, output, time.GetUtcNow());
    }

    internal static LedgerEntry EntryOf(HostFile earlier, ProcessMark server, IReadOnlyList<LedgerEntry> entries, IReadOnlyList<string> output, DateTimeOffset now)
    {
        var change = entries.LastOrDefault(entry => entry.Files.Count > 0 && now - entry.At <= RecentChange.Relevance);

        return new LedgerEntry(
            now, "failed", Cause, earlier.Generation, server.Pid, [], new ExitStatus(ExitKind.Lost, Code: null, Signal: null, now),
            $"its host (process {earlier.Host.Pid}) died, and it was killed with it", DowntimeMs: null,
            new ExitEvidence(Line: null, output, earlier.PeakMemoryBytes, change?.Files ?? [], change?.At));
    }
}
