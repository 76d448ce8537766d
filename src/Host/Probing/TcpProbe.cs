using System.Net.Sockets;

namespace Supervisor.Host.Probing;

/// <summary>Succeeds if a connection is accepted.</summary>
internal sealed class TcpProbe(string host, int port) : IProbe
{
    public TimeSpan AttemptTimeout => ProbeInterval.AttemptTimeout;

    public async Task<string?> AttemptAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(host, port, cancellationToken);
            return null;
        }
        catch (SocketException refused)
        {
            return $"{host}:{port}: {refused.Message}";
        }
    }
}
