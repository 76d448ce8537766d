using System.Globalization;
using System.Text;
using Supervisor.Unit.Watcher.Model.Interop;

namespace Supervisor.Unit.Watcher.Model;

/// <summary>Carries out the acts of a history that are file work, by the system calls that programs use for them. What the disk refuses is left.</summary>
internal sealed unsafe class FileOperations(string home)
{
    /// <summary>Larger than what the watcher hashes.</summary>
    private const int Large = (1024 * 1024) + 3;

    private static readonly string[] IgnoreLines = ["*.py", "b/", "!d.py", "/a", "c.py", "**/deep/**"];

    // A file that only root can read cannot be checked by other users.
    private readonly uint _ownersAlways = Environment.IsPrivilegedProcess ? 0 : 0x1c0u;

    /// <summary>False: it is no file work.</summary>
    public bool TryDo(Operation operation)
    {
        var (path, other, number) = (home + operation.Path, home + operation.Other, operation.Number);

        switch (operation.Kind)
        {
            case OperationKind.Write: Write(path, Content(number), LibC.O_TRUNC); break;
            case OperationKind.Append: Write(path, "+"u8.ToArray(), LibC.O_APPEND); break;
            case OperationKind.Truncate: _ = LibC.truncate(At(path), number % 3); break;
            case OperationKind.MapWrite: MapWrite(path, (byte)('A' + (number % 7))); break;
            case OperationKind.Rename: _ = LibC.rename(At(path), At(other)); break;
            case OperationKind.Exchange: _ = LibC.renameat2(LibC.AT_FDCWD, At(path), LibC.AT_FDCWD, At(other), LibC.RENAME_EXCHANGE); break;
            case OperationKind.Delete: _ = LibC.unlinkat(LibC.AT_FDCWD, At(path), 0); break;
            case OperationKind.MakeDirectory: _ = LibC.mkdir(At(path), 0x1ed); break;
            case OperationKind.RemoveTree: NativeDisk.Remove(path); break;
            case OperationKind.Symlink: _ = LibC.symlink(Target(operation.Other), At(path)); break;
            case OperationKind.HardLink: _ = LibC.link(At(other), At(path)); break;
            case OperationKind.Permit: _ = LibC.chmod(At(path), _ownersAlways | (number == 0 ? 0 : number == 1 ? 0x1edu : 0x1a4u)); break;
            case OperationKind.SetTimes: SetTimes(path, number); break;
            case OperationKind.MakePipe: _ = LibC.mkfifo(At(path), 0x1a4); break;
            case OperationKind.Mount: _ = LibC.mount(At("model"), At(path), At("tmpfs"), 0, At("size=1m")); break;
            case OperationKind.Unmount: _ = LibC.umount2(At(path), LibC.MNT_DETACH); break;
            default: return TrySequence(operation.Kind, path, operation.Other, number);
        }

        return true;
    }

    private bool TrySequence(OperationKind act, string path, string other, int number)
    {
        switch (act)
        {
            case OperationKind.SaveAtomically:
                Write(path + ".saving", Content(number), LibC.O_TRUNC);
                _ = LibC.rename(At(path + ".saving"), At(path));
                break;

            case OperationKind.SaveWithBackup:
                _ = LibC.rename(At(path), At(path + "~"));
                Write(path, Content(number), LibC.O_TRUNC);
                _ = LibC.unlinkat(LibC.AT_FDCWD, At(path + "~"), 0);
                break;

            case OperationKind.SaveInPieces:
                Write(path, Content(number), LibC.O_TRUNC);
                Write(path, Content(number + 1), LibC.O_APPEND);
                break;

            case OperationKind.Recreate:
                _ = LibC.unlinkat(LibC.AT_FDCWD, At(path), 0);
                Write(path, Content(number), LibC.O_TRUNC);
                break;

            case OperationKind.MakeDeep:
                MakeDirectories(path);
                Write(path + "/" + other, Content(number), LibC.O_TRUNC);
                break;

            case OperationKind.RecreateTree:
                NativeDisk.Remove(path);
                MakeDirectories(path);
                Write(path + "/" + other, Content(number), LibC.O_TRUNC);
                break;

            case OperationKind.SwapSymlink:
                _ = LibC.symlink(Target(other), At(path + ".new"));
                _ = LibC.rename(At(path + ".new"), At(path));
                break;

            case OperationKind.EditIgnores when number < 0:
                _ = LibC.unlinkat(LibC.AT_FDCWD, At(path + "/.gitignore"), 0);
                break;

            case OperationKind.EditIgnores:
                Write(path + "/.gitignore", Encoding.UTF8.GetBytes(IgnoreLines[number % IgnoreLines.Length] + "\n"), LibC.O_APPEND);
                break;

            default:
                return false;
        }

        return true;
    }

    private static byte[] At(string path) => NativeDisk.Bytes(path);

    // With "@" in front it lies below the test's folder. Never upwards: a link that was moved would lead out of it.
    private byte[] Target(string text) => At(text.StartsWith('@') ? home + text[1..] : text);

    // Few different contents, so that a file is sometimes as it was before.
    private static byte[] Content(int number)
    {
        var text = (number % 7).ToString(CultureInfo.InvariantCulture);
        return Encoding.ASCII.GetBytes(number % 401 == 400 ? new string(text[0], Large) : number % 41 == 40 ? text + new string('x', 70_000) : text);
    }

    private static void Write(string path, byte[] content, int how)
    {
        var flags = LibC.O_WRONLY | LibC.O_CREAT | LibC.O_CLOEXEC | LibC.O_NONBLOCK | how;
        var descriptor = LibC.openat(LibC.AT_FDCWD, At(path), flags, mode: 0x1a4);

        if (descriptor < 0)
            return;

        _ = LibC.write(descriptor, content, (nuint)content.Length);
        _ = LibC.close(descriptor);
    }

    private static void MapWrite(string path, byte value)
    {
        var descriptor = LibC.openat(LibC.AT_FDCWD, At(path), LibC.O_RDWR | LibC.O_CLOEXEC | LibC.O_NONBLOCK, mode: 0);

        if (descriptor < 0)
            return;

        // Behind the end of an empty file a mapping has no memory.
        if (LibC.read(descriptor, new byte[1], 1) == 1)
        {
            var mapped = LibC.mmap(null, 1, LibC.PROT_READ | LibC.PROT_WRITE, LibC.MAP_SHARED, descriptor, 0);

            if ((nint)mapped != -1)
            {
                *mapped = value;
                _ = LibC.munmap(mapped, 1);
            }
        }

        _ = LibC.close(descriptor);
    }

    private static void SetTimes(string path, int number)
    {
        var times = stackalloc LibC.Timespec[2];
        times[0] = times[1] = new LibC.Timespec { Seconds = 1_000_000_000 + (number % 5) };
        _ = LibC.utimensat(LibC.AT_FDCWD, At(path), times, LibC.AT_SYMLINK_NOFOLLOW);
    }

    private static void MakeDirectories(string path)
    {
        for (var end = path.IndexOf('/', 1); end > 0; end = path.IndexOf('/', end + 1))
            _ = LibC.mkdir(At(path[..end]), 0x1ed);

        _ = LibC.mkdir(At(path), 0x1ed);
    }
}
