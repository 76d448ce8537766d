using Supervisor.Client.Interop;
using System.Buffers.Binary;
using System.Net.Sockets;

namespace Supervisor.Client;

public readonly partial record struct PeerCredentials
{
    internal static uint OwnUid => LibC.geteuid();

    /// <summary>Throws <see cref="SocketException"/>.</summary>
    internal static PeerCredentials Of(Socket socket)
    {
        // struct ucred { pid_t pid; uid_t uid; gid_t gid; }
        Span<byte> ucred = stackalloc byte[12];
        socket.GetRawSocketOption(LibC.SOL_SOCKET, LibC.SO_PEERCRED, ucred);

        return new PeerCredentials(
            BinaryPrimitives.ReadInt32LittleEndian(ucred),
            BinaryPrimitives.ReadUInt32LittleEndian(ucred[4..]),
            BinaryPrimitives.ReadUInt32LittleEndian(ucred[8..]));
    }
}
