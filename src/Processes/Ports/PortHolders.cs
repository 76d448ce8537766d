using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Supervisor.Processes;

/// <summary>Finds the process that listens on a port. Reads the descriptors of every process (some milliseconds), but only when the port is in use.</summary>
public static class PortHolders
{
    /// <summary>null: no process listens on the port.</summary>
    public static PortHolder? Find(int port)
    {
        var sockets = ListeningSockets.Read().Where(socket => socket.Port == port).ToList();

        if (sockets.Count == 0)
            return null;

        var links = sockets.Select(socket => string.Create(CultureInfo.InvariantCulture, $"socket:[{socket.Inode}]"))
            .ToHashSet(StringComparer.Ordinal);
        var holder = SocketHolders.Pids(links).Order().Select(ProcessStatistics.Describe).FirstOrDefault(found => found is not null);

        return holder is null
            ? new PortHolder(port, Pid: null, Command: null, User: null, StartedAt: null)
            : new PortHolder(port, holder.Pid, holder.Command, holder.User, holder.StartedAt);
    }

    /// <summary>The first free port after this one; null: none of the next hundred is free.</summary>
    public static int? NextFree(int port)
    {
        const int farthest = 100;
        var taken = ListeningSockets.Read().Select(socket => socket.Port).ToHashSet();
        return Enumerable.Range(port + 1, farthest).Where(next => next <= IPEndPoint.MaxPort && !taken.Contains(next) && CanBind(next))
            .Select(next => (int?)next).FirstOrDefault();
    }

    /// <summary>A port may be taken without a listener (bound only, or reserved by the system).</summary>
    private static bool CanBind(int port)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
