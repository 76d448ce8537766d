using System.Globalization;

namespace Supervisor.Processes;

/// <summary>Makes a cgroup, writes caps into it and accepts only those that read back. null everywhere: not possible here.</summary>
internal static class CgroupLimits
{
    private const long PeriodMicroseconds = 100_000;

    // The kernel's minimum quota: below it the write fails.
    private const long MinQuotaMicroseconds = 1_000;

    // The kernel rounds limits to pages, so the value read may differ by this much.
    private const long PageTolerance = 1 << 16;

    private static readonly string[] Controllers = ["memory", "cpu", "pids"];

    /// <summary>Uses the scope's own folder: a process can be in one v2 cgroup only.</summary>
    public static (CgroupFolder Folder, ResourceCaps Enforced)? TryVersion2(string treeId, string name, ResourceCaps caps)
    {
        if (CgroupMounts.OwnVersion2() is not { } parent || !DelegateTo(new CgroupFolder(parent)))
            return null;

        var own = CgroupFolder.NameFor(treeId, name);
        var wasThere = Directory.Exists(Path.Combine(parent, own));
        if (CgroupFolder.TryCreate(parent, own) is not { } folder)
            return null;

        var enforced = new ResourceCaps(
            caps.MemoryBytes is { } bytes && SetMemory2(folder, bytes) ? bytes : null,
            caps.Cores is { } cores && WriteAndVerify(folder, "cpu.max", Text($"{Quota(cores)} {PeriodMicroseconds}")) ? cores : null,
            caps.Processes is { } processes && WriteAndVerify(folder, "pids.max", Text($"{processes}")) ? processes : null);
        if (enforced == caps)
            return (folder, enforced);

        // The scope may have made it before us, and continues without caps.
        if (!wasThere)
            folder.Remove();
        return null;
    }

    public static CgroupFolder? TryMemory1(string treeId, string name, long? bytes) =>
        bytes is { } limit
            ? Try1("memory", treeId, name, folder => folder.TryWrite("memory.limit_in_bytes", Text($"{limit}")) && ReadsBack(folder, "memory.limit_in_bytes", limit))
            : null;

    public static CgroupFolder? TryCpu1(string treeId, string name, double? cores) =>
        cores is { } share
            ? Try1("cpu", treeId, name, folder => WriteAndVerify(folder, "cpu.cfs_period_us", Text($"{PeriodMicroseconds}"))
                && WriteAndVerify(folder, "cpu.cfs_quota_us", Text($"{Quota(share)}")))
            : null;

    public static CgroupFolder? TryProcesses1(string treeId, string name, int? processes) =>
        processes is { } count ? Try1("pids", treeId, name, folder => WriteAndVerify(folder, "pids.max", Text($"{count}"))) : null;

    private static CgroupFolder? Try1(string controller, string treeId, string name, Func<CgroupFolder, bool> set)
    {
        if (CgroupMounts.OwnVersion1(controller) is not { } parent
            || CgroupFolder.TryCreate(parent, CgroupFolder.NameFor(treeId, name)) is not { } folder)
            return null;
        if (set(folder))
            return folder;

        folder.Remove();
        return null;
    }

    // EBUSY where processes (such as we) are in the cgroup itself: then limits are not possible without moving ourselves.
    private static bool DelegateTo(CgroupFolder parent)
    {
        var missing = Controllers.Except(Words(parent.TryRead("cgroup.subtree_control")), StringComparer.Ordinal).ToList();
        return missing.Count == 0
            || missing.All(Words(parent.TryRead("cgroup.controllers")).Contains)
            && parent.TryWrite("cgroup.subtree_control", string.Join(' ', missing.Select(controller => "+" + controller)));
    }

    private static bool SetMemory2(CgroupFolder folder, long bytes)
    {
        // The whole group is killed together, and without swapping first. Both settings may be missing; the cap itself may not.
        folder.TryWrite("memory.oom.group", "1");
        folder.TryWrite("memory.swap.max", "0");
        return folder.TryWrite("memory.max", Text($"{bytes}")) && ReadsBack(folder, "memory.max", bytes);
    }

    private static bool WriteAndVerify(CgroupFolder folder, string file, string text) =>
        folder.TryWrite(file, text) && folder.TryRead(file)?.Trim() == text;

    private static bool ReadsBack(CgroupFolder folder, string file, long expected) =>
        long.TryParse(folder.TryRead(file)?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var actual)
        && Math.Abs(actual - expected) <= PageTolerance;

    private static long Quota(double cores) => Math.Max(MinQuotaMicroseconds, (long)(cores * PeriodMicroseconds));

    private static string[] Words(string? text) => (text ?? "").Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
