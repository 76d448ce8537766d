using System.Threading.Channels;
using Supervisor.Host.Output;
using Supervisor.Wire.Records;

namespace Supervisor.Host.Records;

/// <summary>
/// Writes down what the loop decides (ledger, state file, the host's own lines of output) in the loop's order, off the loop: a slow disk must not
/// hold decisions up. Thread-safe.
/// </summary>
internal sealed class Recorder(LedgerFile ledger, string statePath, OutputStore output, Log log)
{
    private abstract record Entry
    {
        internal sealed record Line(LedgerEntry Ledger) : Entry;

        internal sealed record State(HostFile File) : Entry;

        internal sealed record Query(int Last, TaskCompletionSource<IReadOnlyList<LedgerEntry>> Answer) : Entry;
    }

    // Full means that the disk has hung for hundreds of events. The oldest are given up: what is written must be late rather than the server.
    private readonly Channel<Entry> _entries = Channel.CreateBounded<Entry>(
        new BoundedChannelOptions(capacity: 512) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest }, Abandon);

    public void Note(LedgerEntry entry) => _entries.Writer.TryWrite(new Entry.Line(entry));

    public void Keep(HostFile file) => _entries.Writer.TryWrite(new Entry.State(file));

    /// <summary>With everything in it that was noted before.</summary>
    public Task<IReadOnlyList<LedgerEntry>> ReadLedgerAsync(int last, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<IReadOnlyList<LedgerEntry>>(TaskCreationOptions.RunContinuationsAsynchronously);

        if (!_entries.Writer.TryWrite(new Entry.Query(last, answer)))
            answer.TrySetResult([]);

        return answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>No further entries: <see cref="RunAsync"/> writes what is there and returns.</summary>
    public void Complete() => _entries.Writer.TryComplete();

    public async Task RunAsync()
    {
        await foreach (var entry in _entries.Reader.ReadAllAsync())
        {
            switch (entry)
            {
                case Entry.Line(var line):
                    log.ServiceNoted(line);
                    output.Say(Say(line));
                    Try("the restart ledger", () => ledger.Append(line));
                    break;

                case Entry.State(var file):
                    Try(statePath, () => RecordFile.Write(statePath, file, ContractJson.Default.HostFile));
                    break;

                case Entry.Query(var last, var answer):
                    IReadOnlyList<LedgerEntry> entries = [];
                    Try("the restart ledger", () => entries = ledger.ReadLast(last));
                    answer.TrySetResult(entries);
                    break;
            }
        }
    }

    /// <summary>A disk that refuses costs the record, never the server; the next write tries again.</summary>
    private void Try(string what, Action write)
    {
        try
        {
            write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            log.FileTrouble(what, failure.Message);
        }
    }

    private static string Say(LedgerEntry entry)
    {
        var who = entry.Pid is { } pid ? $" (pid {pid}, generation {entry.Generation})" : "";
        var why = entry.Files.Count > 0 ? $" because of {string.Join(", ", entry.Files.Take(3))}{(entry.Files.Count > 3 ? ", …" : "")}" : "";
        var detail = entry.Detail is { } text ? $": {text}" : "";
        return $"{entry.Event}{who}{why}{detail}";
    }

    private static void Abandon(Entry entry)
    {
        if (entry is Entry.Query query)
            query.Answer.TrySetResult([]);
    }
}
