using System.Runtime.InteropServices;

namespace Supervisor.Client;

/// <summary>
/// The process and user at the other end of a pipe, as the kernel recorded them: for a listener at connect, for a client at listen. The pid may have
/// been reused since.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly partial record struct PeerCredentials(int Pid, uint Uid, uint Gid);
