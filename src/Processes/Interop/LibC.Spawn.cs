using System.Runtime.InteropServices;

namespace Supervisor.Processes.Interop;

internal static unsafe partial class LibC
{
    internal const short POSIX_SPAWN_SETSIGDEF = 0x04;
    internal const short POSIX_SPAWN_SETSIGMASK = 0x08;
    internal const short POSIX_SPAWN_SETSID = 0x80;

    // Declared void: functions that only fill in a structure cannot fail with our arguments.

    /// <summary><c>posix_spawnattr_t</c>: 336 bytes in glibc and musl.</summary>
    internal const int SpawnAttributesSize = 512;

    /// <summary><c>posix_spawn_file_actions_t</c>: 80 bytes in glibc and musl.</summary>
    internal const int SpawnFileActionsSize = 256;

    [LibraryImport(Library)]
    internal static partial int posix_spawn(int* pid, byte* path, byte* fileActions, byte* attributes, byte** argv, byte** envp);

    [LibraryImport(Library)]
    internal static partial void posix_spawnattr_init(byte* attributes);

    [LibraryImport(Library)]
    internal static partial void posix_spawnattr_destroy(byte* attributes);

    [LibraryImport(Library)]
    internal static partial void posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport(Library)]
    internal static partial void posix_spawnattr_setsigdefault(byte* attributes, byte* set);

    [LibraryImport(Library)]
    internal static partial void posix_spawnattr_setsigmask(byte* attributes, byte* set);

    [LibraryImport(Library)]
    internal static partial void posix_spawn_file_actions_init(byte* actions);

    [LibraryImport(Library)]
    internal static partial void posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport(Library)]
    internal static partial int posix_spawn_file_actions_adddup2(byte* actions, int fd, int target);

    [LibraryImport(Library)]
    internal static partial int posix_spawn_file_actions_addclose(byte* actions, int fd);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int posix_spawn_file_actions_addopen(byte* actions, int fd, string path, int flags, uint mode);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int posix_spawn_file_actions_addchdir_np(byte* actions, string path);

    /// <summary>glibc 2.34 and later; the entry point is missing elsewhere.</summary>
    [LibraryImport(Library)]
    internal static partial int posix_spawn_file_actions_addclosefrom_np(byte* actions, int from);

    [LibraryImport(Library)]
    internal static partial void sigemptyset(byte* set);

    [LibraryImport(Library)]
    internal static partial void sigaddset(byte* set, int signal);
}
