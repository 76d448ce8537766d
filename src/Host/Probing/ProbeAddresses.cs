using System.Net;
using System.Net.Sockets;

namespace Supervisor.Host.Probing;

/// <summary>
/// The addresses at which a server may listen. Which of 127.0.0.1 and ::1 "localhost" is differs between programs (Node.js takes the first one of the resolver,
/// Python binds 127.0.0.1) and between machines, so a probe of localhost tries both. A machine without IPv6 refuses ::1 as a port without a listener does.
/// </summary>
internal static class ProbeAddresses
{
    /// <summary>Asks at one address after the other until an answer is right.</summary>
    /// <param name="host">A name, or an address without brackets.</param>
    /// <param name="ask">Returns null for a right answer, else what is wrong with it. Gets a connected socket.</param>
    /// <returns>null: an answer was right; else the first wrong answer or, without any, why the first address cannot be reached.</returns>
    public static async Task<string?> AskEachAsync(string host, int port, Func<Socket, CancellationToken, Task<string?>> ask, CancellationToken cancellationToken)
    {
        string? wrong = null, unreachable = null;

        try
        {
            foreach (var address in await OfAsync(host, cancellationToken))
            {
                try
                {
                    using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                    await socket.ConnectAsync(address, port, cancellationToken);

                    if (await ask(socket, cancellationToken) is not { } failure)
                        return null;

                    wrong ??= failure;
                }
                catch (Exception failure) when (failure is SocketException or IOException)
                {
                    unreachable ??= failure.Message;
                }
            }
        }
        catch (SocketException unknown)
        {
            unreachable = unknown.Message;
        }

        return wrong ?? unreachable ?? $"{host} has no address";
    }

    private static async Task<IReadOnlyList<IPAddress>> OfAsync(string host, CancellationToken cancellationToken) => host switch
    {
        "localhost" => [IPAddress.Loopback, IPAddress.IPv6Loopback],
        _ when host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) => [IPAddress.Loopback, IPAddress.IPv6Loopback],
        _ when IPAddress.TryParse(host, out var address) => [address],
        _ => await Dns.GetHostAddressesAsync(host, cancellationToken),
    };
}
