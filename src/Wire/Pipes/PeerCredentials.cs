using System.Runtime.InteropServices;

namespace Supervisor.Wire.Pipes;

/// <summary>Who is at the other end of a pipe, as the kernel recorded it when the connection was made. The pid may have been reused since.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PeerCredentials(int Pid, uint Uid, uint Gid);
