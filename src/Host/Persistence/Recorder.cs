using System.Threading.Channels;
using Supervisor.Host.Output;
using Supervisor.Host.StateMachine;
using Supervisor.Wire.Records;

namespace Supervisor.Host.Persistence;

/// <summary>
/// Writes what the loop decides (ledger, state file, the host's output lines) in the loop's order, but not on the loop: a slow disk must not delay
/// decisions. Thread-safe.
/// </summary>
internal sealed class Recorder(LedgerFile ledger, string statePath, OutputStore output, RateMeter rates, Log log)
{
    private abstract record Entry
    {
        internal sealed record Line(LedgerEntry Ledger, EndedChange? Ended) : Entry;

        internal sealed record State(HostFile File) : Entry;

        internal sealed record StateAgain : Entry;

        internal sealed record Peak(ProcessMark Server, long Bytes) : Entry;

        internal sealed record Query(int Last, TaskCompletionSource<IReadOnlyList<LedgerEntry>> Answer) : Entry;
    }

    // Full means that the disk has hung for hundreds of events. The oldest entries are dropped, so that writing never delays the server.
    private readonly Channel<Entry> _entries = Channel.CreateBounded<Entry>(
        new BoundedChannelOptions(capacity: 512) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest }, CompleteDropped);

    /// <param name="ended">The start or reload that this entry ends; null: it ends none.</param>
    public void WriteEntry(LedgerEntry entry, EndedChange? ended) => _entries.Writer.TryWrite(new Entry.Line(entry, ended));

    public void WriteState(HostFile file) => _entries.Writer.TryWrite(new Entry.State(file));

    /// <summary>Completes the state file while it names this server.</summary>
    public void WritePeak(ProcessMark server, long bytes) => _entries.Writer.TryWrite(new Entry.Peak(server, bytes));

    /// <summary>After the state file has been lost.</summary>
    public void WriteStateAgain() => _entries.Writer.TryWrite(new Entry.StateAgain());

    /// <summary>Includes all entries that were queued before the call.</summary>
    public Task<IReadOnlyList<LedgerEntry>> ReadLedgerAsync(int last, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<IReadOnlyList<LedgerEntry>>(TaskCreationOptions.RunContinuationsAsynchronously);

        if (!_entries.Writer.TryWrite(new Entry.Query(last, answer)))
            answer.TrySetResult([]);

        return answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Accepts no further entries: <see cref="RunAsync"/> writes the queued ones and returns.</summary>
    public void Complete() => _entries.Writer.TryComplete();

    public async Task RunAsync()
    {
        Try("the restart ledger", () => rates.Add(ledger.ReadSince(DateTimeOffset.UtcNow - StartHistory.Period)));
        HostFile? newest = null;

        await foreach (var entry in _entries.Reader.ReadAllAsync())
        {
            switch (entry)
            {
                case Entry.Line(var line, var ended):
                    log.LedgerEntryWritten(line);

                    if (ViewerLines.Of(line, ended) is { } text)
                        output.WriteHostLines(text);

                    Try("the restart ledger", () => ledger.Append(line));
                    rates.Add([line]);
                    break;

                case Entry.State(var file):
                    newest = file;
                    Write(file);
                    break;

                case Entry.Peak(var server, var bytes) when newest?.Server == server:
                    newest = newest with { PeakMemoryBytes = bytes };
                    Write(newest);
                    break;

                case Entry.StateAgain when newest is not null:
                    Write(newest);
                    break;

                case Entry.Query(var last, var answer):
                    IReadOnlyList<LedgerEntry> entries = [];
                    Try("the restart ledger", () => entries = EvidenceBounds.Applied(ledger.ReadLast(last)));
                    answer.TrySetResult(entries);
                    break;
            }
        }
    }

    private void Write(HostFile file) => Try(statePath, () => RecordFile.Write(statePath, file, ContractJson.Default.HostFile));

    /// <summary>A disk error loses this write but does not affect the server; the next write tries again.</summary>
    private void Try(string what, Action write)
    {
        try
        {
            write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            log.FileWriteFailed(what, failure.Message);
        }
    }

    private static void CompleteDropped(Entry entry)
    {
        if (entry is Entry.Query query)
            query.Answer.TrySetResult([]);
    }
}
