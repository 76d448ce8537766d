using System.Globalization;

namespace Supervisor.Processes;

/// <summary>
/// The caps of one service that the kernel enforces: cgroup v2 where its controllers are delegated to us, else v1, else none, and then the caps must be
/// sampled. The owner of the scope of the same name owns it. Thread-safe; holds no descriptor.
/// </summary>
public sealed class LimitGroup
{
    public const string Version2 = "cgroup2";
    public const string Version1 = "cgroup1";
    public const string Sampling = "sampling";

    /// <summary>If it is <see cref="Sampling"/>, no cgroup is used for caps; for tests, and for machines where caps do not work as reported.</summary>
    public const string KindVariable = "SUPERVISOR_LIMITS";

    private readonly CgroupFolder? _memory;
    private readonly IReadOnlyList<CgroupFolder> _folders;
    private readonly int _killsBefore;

    private LimitGroup(string kind, CgroupFolder? memory, IReadOnlyList<CgroupFolder> folders, ResourceCaps enforced)
    {
        Kind = kind;
        _memory = memory;
        _folders = folders;
        Enforced = enforced;
        _killsBefore = OomKills();
    }

    /// <summary>cgroup2, cgroup1 or sampling.</summary>
    public string Kind { get; }

    /// <summary>The caps that the kernel has accepted; the others must be sampled.</summary>
    public ResourceCaps Enforced { get; }

    /// <summary>For <see cref="Confinement.ProcsFiles"/>.</summary>
    public IReadOnlyList<string> ProcsFiles => [.. _folders.Select(folder => folder.ProcsFile)];

    /// <summary>Does not fail: a cap that cannot be set is missing in <see cref="Enforced"/>.</summary>
    public static LimitGroup Create(string treeId, string name, ResourceCaps caps)
    {
        if (caps.IsEmpty || Environment.GetEnvironmentVariable(KindVariable) == Sampling)
            return new LimitGroup(Sampling, memory: null, [], new ResourceCaps(null, null, null));

        return CgroupLimits.TryVersion2(treeId, name, caps) is { } second
            ? new LimitGroup(Version2, second.Folder, [second.Folder], second.Enforced)
            : Version1Or(treeId, name, caps);
    }

    /// <summary>Memory charged to the group; null: no cgroup counts it.</summary>
    public long? MemoryBytesUsed() =>
        Number(_memory?.TryRead(Kind == Version2 ? "memory.current" : "memory.usage_in_bytes"));

    /// <summary>How often the kernel has killed a member because of the memory cap. With v1 it kills one process and the rest lives on.</summary>
    public int OomKills()
    {
        var text = _memory?.TryRead(Kind == Version2 ? "memory.events" : "memory.oom_control") ?? "";
        var line = text.Split('\n').FirstOrDefault(line => line.StartsWith("oom_kill ", StringComparison.Ordinal));
        return (int)(Number(line?["oom_kill ".Length..]) ?? 0);
    }

    /// <summary>The kernel has killed a member because of the memory cap since this object was created.</summary>
    public bool HasKilled => OomKills() > _killsBefore;

    /// <summary>The process has entered every group, so its caps apply.</summary>
    public bool Holds(int pid) => _folders.All(folder => folder.Processes().Contains(pid));

    /// <summary>false: a process still lives in it. May be called twice.</summary>
    public bool Remove() => _folders.Aggregate(seed: true, (gone, folder) => folder.Remove() && gone);

    private static LimitGroup Version1Or(string treeId, string name, ResourceCaps caps)
    {
        var memory = CgroupLimits.TryMemory1(treeId, name, caps.MemoryBytes);
        var cpu = CgroupLimits.TryCpu1(treeId, name, caps.Cores);
        var processes = CgroupLimits.TryProcesses1(treeId, name, caps.Processes);
        var enforced = new ResourceCaps(
            memory is null ? null : caps.MemoryBytes, cpu is null ? null : caps.Cores, processes is null ? null : caps.Processes);

        return new LimitGroup(enforced.IsEmpty ? Sampling : Version1, memory, [.. new[] { memory, cpu, processes }.OfType<CgroupFolder>()], enforced);
    }

    private static long? Number(string? text) =>
        long.TryParse(text?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
