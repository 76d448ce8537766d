using System.Globalization;
using System.Runtime.InteropServices;

namespace Supervisor.Processes;

/// <summary>One listening TCP socket.</summary>
/// <param name="Inode">Of the socket; it connects the kernel's table with a process's descriptor.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ListeningSocket(int Port, ulong Inode);

/// <summary>Reads the kernel's tables of TCP sockets (/proc/net/tcp, /proc/net/tcp6) of our own network namespace.</summary>
internal static class ListeningSockets
{
    private const string Listening = "0A";

    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    public static IEnumerable<ListeningSocket> Read() =>
        Tables.Where(File.Exists).SelectMany(File.ReadLines).Select(Parse).OfType<ListeningSocket>();

    /// <summary>Fields: sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode …</summary>
    internal static ListeningSocket? Parse(string line)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        if (fields.Length < 10 || fields[3] != Listening)
            return null;

        var port = fields[1][(fields[1].LastIndexOf(':') + 1)..];
        return new ListeningSocket(
            int.Parse(port, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            ulong.Parse(fields[9], CultureInfo.InvariantCulture));
    }
}
