using System.Globalization;
using Supervisor.Processes;

namespace Supervisor.Cli.Doctor;

/// <summary>What the facts about the machine mean. Pure.</summary>
internal static class MachineChecks
{
    private const long ManyWatches = 524_288;
    private const long FewWatches = 65_536;
    private const long TooFewWatches = 16_384;
    private const long ManyInstances = 1_024;
    private const long FewFreeInstances = 32;
    private const long TooFewFreeInstances = 8;
    private const long TooFewOpenFiles = 4_096;

    /// <param name="rungInUse">The kill rung of the running tree; null: none runs.</param>
    public static IEnumerable<Finding> Of(MachineFacts facts, string? rungInUse)
    {
        yield return OpenFiles(facts);

        if (facts.Watches is { } watches)
            yield return Watches(watches, facts);
        if (facts.Instances is { } instances)
            yield return Instances(instances, facts);

        yield return Kill(facts, rungInUse);
        yield return Limits(facts);
    }

    private static Finding OpenFiles(MachineFacts facts)
    {
        var found = $"a process may open {Shown(facts.SoftOpenFiles)} files, and raise that to {Shown(facts.HardOpenFiles)} (ulimit -Sn, ulimit -Hn)";

        if (facts.HardOpenFiles is not { } hard || hard >= Confinement.ServerMinOpenFiles)
            return new Finding("open-files", Severity.Ok, found);

        return new Finding(
            "open-files", hard < TooFewOpenFiles ? Severity.Mend : Severity.Advice, found,
            $"Servers need a file for each connection; supervisor gives each {Confinement.ServerMinOpenFiles} where the system allows it. A raised limit counts from the next login on.",
            facts.IsRoot ? "ulimit -Hn 65536 && ulimit -Sn 65536" : "echo '* - nofile 65536' | sudo tee /etc/security/limits.d/60-supervisor.conf");
    }

    private static Finding Watches(KernelLimit limit, MachineFacts facts)
    {
        var found = $"{limit.Limit} directories may be watched, {limit.Used} in use ({limit.Name})";
        var isFull = limit.Limit - limit.Used < limit.Limit / 10;

        return limit.Limit >= FewWatches && !isFull
            ? new Finding("inotify-watches", Severity.Ok, found)
            : new Finding(
                "inotify-watches", limit.Limit < TooFewWatches || isFull ? Severity.Mend : Severity.Advice, found,
                "Directories beyond the limit are watched by polling, which is slower; editors use up the same limit.",
                Raise(limit, ManyWatches, facts));
    }

    private static Finding Instances(KernelLimit limit, MachineFacts facts)
    {
        var found = $"{limit.Limit} instances of inotify allowed, {limit.Used} in use ({limit.Name})";
        var free = limit.Limit - limit.Used;

        return free >= FewFreeInstances
            ? new Finding("inotify-instances", Severity.Ok, found)
            : new Finding(
                "inotify-instances", free < TooFewFreeInstances ? Severity.Mend : Severity.Advice, found,
                "Without a free one everything is watched by polling, which is slower; editors and servers use up the same limit.",
                Raise(limit, ManyInstances, facts));
    }

    private static Finding Kill(MachineFacts facts, string? rungInUse)
    {
        var better = facts.Skipped.Count > 0 ? $" ({string.Join("; ", facts.Skipped)})" : "";
        var found = rungInUse is null || rungInUse == facts.KillRung
            ? $"kill rung {facts.KillRung}{(rungInUse is null ? "" : ", in use by the running tree")}{better}"
            : $"kill rung {rungInUse} in use by the running tree; from this shell a tree would use {facts.KillRung}{better}";

        return (rungInUse ?? facts.KillRung) is KillLadder.Cgroup2 or KillLadder.Freezer
            ? new Finding("kill", Severity.Ok, found)
            : new Finding(
                "kill", Severity.Advice, found,
                facts.KillRung == KillLadder.Walk
                    ? "Without a cgroup, a server that forks faster than /proc can be read may leave a process at its stop."
                    : "A process that has left its server's process group outlives the server.",
                Delegated(facts));
    }

    private static Finding Limits(MachineFacts facts) => facts.Sampled.Count > 0
        ? new Finding(
            "limits", Severity.Advice, $"limits of {string.Join(", ", facts.Sampled)} are sampled, not enforced by the kernel",
            "Without the cgroup controllers a server can exceed such a limit for some seconds before it is noticed.", Delegated(facts))
        : new Finding("limits", Severity.Ok, $"the kernel enforces limits of memory, CPU and processes ({facts.LimitKind})");

    /// <summary>systemd makes a cgroup that belongs to the user.</summary>
    private static string? Delegated(MachineFacts facts) => facts switch
    {
        { HasSystemd: false } => null,
        { IsRoot: true } => "systemd-run --scope -p Delegate=yes supervisor start -d",
        _ => "systemd-run --user --scope -p Delegate=yes supervisor start -d",
    };

    /// <summary>Now, and after the next boot. In a container, /proc/sys belongs to the machine that runs it.</summary>
    private static string Raise(KernelLimit limit, long to, MachineFacts facts)
    {
        var setting = string.Create(CultureInfo.InvariantCulture, $"{limit.Name}={to}");
        var sudo = facts.IsRoot && !facts.IsContainer ? "" : "sudo ";
        return $"{sudo}sysctl {setting} && echo {setting} | {sudo}tee -a /etc/sysctl.d/60-supervisor.conf{(facts.IsContainer ? "   # on the machine that runs this container" : "")}";
    }

    private static string Shown(long? limit) => limit?.ToString(CultureInfo.InvariantCulture) ?? "any number of";
}
