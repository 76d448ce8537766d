using StreamJsonRpc;
using Supervisor.Stress.Project;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Observing;

/// <summary>
/// Reads every restart ledger of the tree, as <c>supervisor why</c> does, and records each entry once. There is no answer while a parent or a host is away:
/// the next read catches up.
/// </summary>
internal sealed class LedgerObserver(IRecord record, ProjectTree project, TreeUnderTest tree)
{
    private const string Watcher = "watcher";
    private const int ShortTail = 100;
    private const int LongTail = 1_000;

    // A host reads its whole ledger for each request: often enough for the live view, rarely enough not to distort the measurements.
    private static readonly TimeSpan ReadInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(15);

    private readonly Dictionary<string, LedgerTail> _tails =
        project.Services.Select(service => service.Name).Append(Watcher).ToDictionary(name => name, _ => new LedgerTail(), StringComparer.Ordinal);

    public Task RunAsync(CancellationToken stopping) => Periodic.RunAsync(ReadInterval, () => ReadAsync(stopping), stopping);

    /// <summary>Reads the new entries. Call it once more before the tree is stopped, after <see cref="RunAsync"/> has returned.</summary>
    public async Task ReadAsync(CancellationToken stopping)
    {
        foreach (var (service, tail) in _tails)
        {
            if (await AskAsync(service, ShortTail, stopping) is not { } answer)
                continue;
            if (!tail.Overlaps(answer))
                answer = await AskAsync(service, LongTail, stopping) ?? answer;

            var clock = RunClock.Read(record);
            foreach (var entry in tail.NewEntries(answer))
                record.Append(new LedgerEntrySeen(clock.Now, service, clock.FromWall(entry.At), entry));
        }
    }

    private async Task<IReadOnlyList<LedgerEntry>?> AskAsync(string service, int last, CancellationToken stopping)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        deadline.CancelAfter(ReadTimeout);
        try
        {
            return (await tree.CallAsync((control, token) => control.WhyAsync(service, last, token), deadline.Token)).Entries;
        }
        catch (Exception failure) when (failure is RemoteRpcException or IOException
            || (failure is OperationCanceledException && !stopping.IsCancellationRequested))
        {
            return null; // The parent or the host is away or restarting: the next read catches up.
        }
    }
}
