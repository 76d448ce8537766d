using System.Text;
using Microsoft.Win32.SafeHandles;
using Supervisor.Processes.Interop;

namespace Supervisor.Processes;

/// <summary>
/// Reads and writes the kernel's pseudo files (/proc, cgroups). Not through FileStream: it throws for every process that has just ended, which is the
/// normal case here, and it truncates, locks or buffers, where one plain system call is required.
/// </summary>
internal static unsafe class PseudoFile
{
    private const int ChunkSize = 4096;

    /// <summary>null: the file does not exist (any more), or we may not read it.</summary>
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

            // ESRCH: the process ended between open and read.
            if (read < 0)
                return null;
            if (read == 0)
                return Encoding.UTF8.GetString(content, 0, length);
            length += (int)read;
        }
    }

    /// <summary>Writes with one call, because each write is one command. false: refused, or no such file.</summary>
    public static bool TryWrite(string path, string text)
    {
        // Without O_CREAT: a missing file is not created.
        var descriptor = LibC.open(path, LibC.O_WRONLY | LibC.O_CLOEXEC, 0);
        if (descriptor < 0)
            return false;

        using var file = new SafeFileHandle(descriptor, ownsHandle: true);
        var bytes = Encoding.ASCII.GetBytes(text);
        fixed (byte* start = bytes)
            return LibC.write(descriptor, start, (nuint)bytes.Length) == bytes.Length;
    }
}
