using System.Runtime.InteropServices;

namespace Supervisor.Client;

/// <summary>
/// Who is at the other end of a pipe, as the kernel recorded it: for a listener's side at connect, for a client's side at listen. The pid may
/// have been reused since.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly partial record struct PeerCredentials(int Pid, uint Uid, uint Gid);
