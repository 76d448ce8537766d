using System.Buffers.Binary;
using System.Text;
using Supervisor.Filtering;
using Supervisor.Unit.Watcher.Model.Interop;

namespace Supervisor.Unit.Watcher.Model;

/// <summary>Reads and removes whole trees, with names of any bytes. Holds nothing; thread-safe.</summary>
internal static class NativeDisk
{
    /// <summary>For the kernel: ended by zero.</summary>
    public static byte[] Bytes(string path) => FileName.Encode(path + '\0');

    /// <summary>Names in a directory, without "." and ".."; none when it cannot be read.</summary>
    public static IReadOnlyList<byte[]> Names(int descriptor)
    {
        var names = new List<byte[]>();
        var buffer = new byte[32 * 1024];

        for (int length; (length = (int)LibC.getdents64(descriptor, buffer, (nuint)buffer.Length)) > 0;)
        {
            for (var at = 0; at < length; at += BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at + 16)))
            {
                var name = buffer.AsSpan(at + 19);
                name = name[..(name.IndexOf((byte)0) + 1)];

                if (!name.SequenceEqual(".\0"u8) && !name.SequenceEqual("..\0"u8))
                    names.Add(name.ToArray());
            }
        }

        return names;
    }

    /// <summary>What is there goes with everything in it, mounts included.</summary>
    public static void Remove(string path) => Remove(LibC.AT_FDCWD, Bytes(path));

    /// <summary>Bytes of a file, or null.</summary>
    public static byte[]? ReadFile(byte[] path, bool followLink)
    {
        var flags = LibC.O_RDONLY | LibC.O_NONBLOCK | LibC.O_CLOEXEC | (followLink ? 0 : LibC.O_NOFOLLOW);
        var descriptor = LibC.openat(LibC.AT_FDCWD, path, flags, mode: 0);

        if (descriptor < 0)
            return null;

        var whole = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int length;

        while ((length = (int)LibC.read(descriptor, buffer, (nuint)buffer.Length)) > 0)
            whole.Write(buffer, 0, length);

        _ = LibC.close(descriptor);
        return length < 0 ? null : whole.ToArray();
    }

    public static byte[]? ReadLink(byte[] path)
    {
        var buffer = new byte[4096];
        var length = (int)LibC.readlink(path, buffer, (nuint)buffer.Length);
        return length < 0 ? null : buffer[..length];
    }

    private static void Remove(int parent, byte[] name)
    {
        while (LibC.unlinkat(parent, name, 0) != 0)
        {
            var flags = LibC.O_RDONLY | LibC.O_DIRECTORY | LibC.O_NOFOLLOW | LibC.O_CLOEXEC;
            var descriptor = LibC.openat(parent, name, flags, mode: 0);

            if (descriptor < 0)
                return;

            foreach (var inside in Names(descriptor))
                Remove(descriptor, inside);

            _ = LibC.close(descriptor);

            // What cannot go although it is empty has something mounted on it, and something beneath that may have a mount of its own.
            if (LibC.unlinkat(parent, name, LibC.AT_REMOVEDIR) == 0 || LibC.umount2(Reached(parent, name), LibC.MNT_DETACH) != 0)
                return;
        }
    }

    private static byte[] Reached(int parent, byte[] name) =>
        parent == LibC.AT_FDCWD ? name : [.. Encoding.ASCII.GetBytes($"/proc/self/fd/{parent}/"), .. name];
}
