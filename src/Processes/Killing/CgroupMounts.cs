using System.Buffers.Binary;
using Supervisor.Processes.Interop;

namespace Supervisor.Processes;

/// <summary>Finds this process's own cgroups in the file system; new cgroups are made below them.</summary>
internal static class CgroupMounts
{
    /// <summary>null: no cgroup v2 is mounted.</summary>
    public static string? OwnVersion2() =>
        Find(Read("/proc/self/mountinfo"), Read("/proc/self/cgroup"), controller: null) is { } folder
            && IsFileSystem(folder, LibC.CGROUP2_SUPER_MAGIC) ? folder : null;

    /// <summary>null: this controller has no cgroup v1 hierarchy here.</summary>
    public static string? OwnVersion1(string controller) =>
        Find(Read("/proc/self/mountinfo"), Read("/proc/self/cgroup"), controller) is { } folder
            && IsFileSystem(folder, LibC.CGROUP_SUPER_MAGIC) ? folder : null;

    /// <summary>The folder of our cgroup in the hierarchy of a v1 controller, or of v2 (null). Pure.</summary>
    internal static string? Find(string mountInfo, string ownCgroups, string? controller)
    {
        var own = OwnPath(ownCgroups, controller);
        foreach (var line in mountInfo.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var halves = line.Split(" - ", count: 2);
            var mount = halves[0].Split(' ');
            var system = halves.Length == 2 ? halves[1].Split(' ') : [];
            if (mount.Length < 5 || system.Length < 3 || !IsHierarchy(system, controller))
                continue;

            return Below(mountPoint: Unescape(mount[4]), mountRoot: Unescape(mount[3]), own);
        }

        return null;
    }

    private static bool IsHierarchy(string[] system, string? controller) =>
        controller is null
            ? system[0] == "cgroup2"
            : system[0] == "cgroup" && system[2].Split(',').Contains(controller, StringComparer.Ordinal);

    // A line is ID:CONTROLLERS:PATH; version 2 has the id 0 and no controllers.
    private static string OwnPath(string ownCgroups, string? controller)
    {
        foreach (var line in ownCgroups.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(':', count: 3);
            if (parts.Length == 3 && (controller is null ? parts[0] == "0" : parts[1].Split(',').Contains(controller, StringComparer.Ordinal)))
                return parts[2];
        }

        return "/";
    }

    // In a container the mount may show only part of the hierarchy, and our path may be above that part.
    private static string Below(string mountPoint, string mountRoot, string own)
    {
        if (mountRoot != "/" && own.StartsWith(mountRoot, StringComparison.Ordinal))
            own = own[mountRoot.Length..];

        var folder = Path.Combine(mountPoint, own.TrimStart('/'));
        return own.Contains("..", StringComparison.Ordinal) || !Directory.Exists(folder) ? mountPoint : folder.TrimEnd('/');
    }

    private static string Unescape(string field) => field.Replace("\\040", " ", StringComparison.Ordinal);

    // A container may offer a fake cgroup file system where writes succeed without effect: only the kernel's own counts.
    private static unsafe bool IsFileSystem(string path, long magic)
    {
        var buffer = stackalloc byte[LibC.StatBufferSize];
        return LibC.statfs(path, buffer) == 0
            && BinaryPrimitives.ReadInt64LittleEndian(new ReadOnlySpan<byte>(buffer, sizeof(long))) == magic;
    }

    private static string Read(string path) => PseudoFile.TryRead(path) ?? "";
}
