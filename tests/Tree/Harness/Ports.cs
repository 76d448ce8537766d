using System.Net;
using System.Net.Sockets;

namespace Supervisor.Tree.Harness;

/// <summary>Checks whether a port is free by binding it for a moment.</summary>
internal static class Ports
{
    public static bool CanBind(int port)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen();
            return true;
        }
        catch (SocketException)
        {
            return false; // The port is taken.
        }
    }
}
