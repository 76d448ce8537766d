using System.Globalization;
using System.Runtime.InteropServices;
using Supervisor.Processes.Interop;

namespace Supervisor.Processes;

/// <summary>One of our cgroups: a folder in a cgroup file system, which we make and remove.</summary>
internal sealed class CgroupFolder(string path)
{
    public string Path { get; } = path;

    public string ProcsFile => System.IO.Path.Combine(Path, "cgroup.procs");

    /// <summary>null: the cgroup cannot be made here.</summary>
    public static CgroupFolder? TryCreate(string parent, string name)
    {
        var path = System.IO.Path.Combine(parent, name);
        if (LibC.mkdir(path, 0x1ed /* 0755 */) == 0)
            return new CgroupFolder(path);

        return Marshal.GetLastPInvokeError() == LibC.EEXIST ? new CgroupFolder(path) : null;
    }

    /// <summary>Our name for the cgroup of one service of one tree.</summary>
    public static string NameFor(string treeId, string name) => $"supervisor-{treeId}-{name.Replace('/', '_')}";

    /// <summary>The processes directly in it. The kernel may list one twice, and lists 0 for a process outside our pid namespace.</summary>
    public IEnumerable<int> Processes() =>
        (TryRead("cgroup.procs") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => int.Parse(line, CultureInfo.InvariantCulture)).Where(pid => pid > 0).Distinct();

    /// <summary>Whether a process lives in it or below it (v2).</summary>
    public bool IsPopulated() => TryRead("cgroup.events")?.Contains("populated 1", StringComparison.Ordinal) ?? false;

    public string? TryRead(string file) => PseudoFile.TryRead(System.IO.Path.Combine(Path, file));

    /// <summary>false: refused, or no such file.</summary>
    public bool TryWrite(string file, string text) => PseudoFile.TryWrite(System.IO.Path.Combine(Path, file), text);

    /// <summary>Removes it and the cgroups below it. false: a process still lives in it.</summary>
    public bool Remove() => Remove(Path);

    private static bool Remove(string path)
    {
        if (LibC.rmdir(path) == 0 || Marshal.GetLastPInvokeError() == LibC.ENOENT)
            return true;

        foreach (var below in Directory.Exists(path) ? Directory.GetDirectories(path) : [])
            Remove(below);
        return LibC.rmdir(path) == 0 || Marshal.GetLastPInvokeError() == LibC.ENOENT;
    }
}
