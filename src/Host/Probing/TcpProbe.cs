namespace Supervisor.Host.Probing;

/// <summary>Succeeds if a connection is accepted.</summary>
internal sealed class TcpProbe(string host, int port) : IProbe
{
    public TimeSpan AttemptTimeout => ProbeInterval.AttemptTimeout;

    public async Task<string?> AttemptAsync(CancellationToken cancellationToken) =>
        await ProbeAddresses.AskEachAsync(host, port, (_, _) => Task.FromResult<string?>(null), cancellationToken) is { } failure ? $"{host}:{port}: {failure}" : null;
}
