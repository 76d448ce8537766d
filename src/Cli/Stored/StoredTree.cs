using Supervisor.Cli.Connection;
using Supervisor.Configuration;
using Supervisor.Wire.Records;

namespace Supervisor.Cli.Stored;

/// <summary>What a tree that does not run has left: ledgers and logs, and hosts that have outlived their parent.</summary>
internal sealed class StoredTree(TreeLocation location, TimeProvider time)
{
    private const string LedgerSuffix = ".ledger.jsonl";
    private static readonly TimeSpan ConnectDeadline = TimeSpan.FromSeconds(1);

    /// <summary>The configured services; where the configuration is invalid, those that have a ledger.</summary>
    public ServiceNames Names => ConfigurationFile.Read(location.ConfigPath) is ReadResult.Valid { Spec: var spec }
        ? ServiceNames.Of(spec)
        : new ServiceNames([.. Ledgers().Where(name => name != ServiceNames.Watcher)], new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal));

    /// <exception cref="CommandFailure">The ledger cannot be read.</exception>
    public Ledger Ledger(string name, int last) => new(name, Read(name, file => file.ReadLast(last)));

    public RestartRates Rates(string name)
    {
        var now = time.GetUtcNow();
        return Read(name, file => file.ReadSince(now - StartHistory.Period).Aggregate(StartHistory.Empty, (history, entry) => history.With(entry))).RatesAt(now);
    }

    public async Task<IReadOnlyList<StoredService>> ReadAsync(IEnumerable<string> services, CancellationToken cancellationToken)
    {
        var read = services.Select(async name =>
            new StoredService(name, await HostFileAsync(name, cancellationToken), Ledger(name, last: 100).Entries)).ToArray();
        return await Task.WhenAll(read);
    }

    /// <summary>null: no host of the service lives.</summary>
    private async Task<HostFile?> HostFileAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await using var pipe = await PipeClient.ConnectAsync(location.Runtime.HostSocket(name), ConnectDeadline, time, cancellationToken);
        }
        catch (PipeUnavailableException gone) when (gone.Reason != PipeUnavailable.NotAnswering)
        {
            return null;
        }
        catch (PipeUnavailableException)
        {
            // It hangs or is stopped, so it lives.
        }

        return RecordFile.TryRead(location.Runtime.HostState(name), ContractJson.Default.HostFile);
    }

    private IEnumerable<string> Ledgers() => Directory.Exists(location.Runtime.Logs)
        ? Directory.EnumerateFiles(location.Runtime.Logs, "*" + LedgerSuffix).Select(path => Path.GetFileName(path)[..^LedgerSuffix.Length]).Order(StringComparer.Ordinal)
        : [];

    private T Read<T>(string name, Func<LedgerFile, T> read)
    {
        var path = Path.Combine(location.Runtime.Logs, name + LedgerSuffix);

        try
        {
            return read(new LedgerFile(path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Failed, $"{path} cannot be read: {failure.Message}", inner: failure);
        }
    }
}
