using System.Text;
using Microsoft.Win32.SafeHandles;
using Supervisor.Processes.Interop;

namespace Supervisor.Processes;

/// <summary>
/// Files that the kernel makes up as they are read (/proc, cgroups). Not through FileStream: it would throw for every process that has just
/// gone, which is the ordinary case here, and truncate, lock or buffer what must be one plain call.
/// </summary>
internal static unsafe class SmallFile
{
    private const int ChunkSize = 4096;

    /// <summary>null: not there (any more), or not ours to read.</summary>
    public static string? TryRead(string path)
    {
        var descriptor = LibC.open(path, LibC.O_RDONLY | LibC.O_CLOEXEC, 0);
        if (descriptor < 0)
            return null;

        using var file = new SafeFileHandle(descriptor, ownsHandle: true);
        var content = new byte[ChunkSize];
        for (var length = 0; ;)
        {
            if (length == content.Length)
                Array.Resize(ref content, content.Length * 2);
            nint read;
            fixed (byte* start = content)
                read = LibC.read(descriptor, start + length, (nuint)(content.Length - length));

            // ESRCH: the process has gone between open and read.
            if (read < 0)
                return null;
            if (read == 0)
                return Encoding.UTF8.GetString(content, 0, length);
            length += (int)read;
        }
    }

    /// <summary>One write call, for every write is a command of its own. false: refused, or no such file.</summary>
    public static bool TryWrite(string path, string text)
    {
        // Without O_CREAT: a missing file stays missing.
        var descriptor = LibC.open(path, LibC.O_WRONLY | LibC.O_CLOEXEC, 0);
        if (descriptor < 0)
            return false;

        using var file = new SafeFileHandle(descriptor, ownsHandle: true);
        var bytes = Encoding.ASCII.GetBytes(text);
        fixed (byte* start = bytes)
            return LibC.write(descriptor, start, (nuint)bytes.Length) == bytes.Length;
    }
}
