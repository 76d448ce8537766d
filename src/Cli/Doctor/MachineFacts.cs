using System.Globalization;
using Supervisor.Processes;

namespace Supervisor.Cli.Doctor;

/// <summary>One limit of the kernel.</summary>
/// <param name="Name">As sysctl calls it.</param>
/// <param name="Used">By the processes that this user can see.</param>
internal sealed record KernelLimit(string Name, long Limit, long Used);

/// <summary>What doctor reads about the machine.</summary>
/// <param name="SoftOpenFiles">Of the shell, or whatever started doctor: the .NET runtime raises its own. null: unlimited or unknown.</param>
/// <param name="KillRung">See <see cref="KillLadder"/>.</param>
/// <param name="Skipped">The better rungs, each with the reason why it does not work here.</param>
/// <param name="LimitKind">How a trial with caps was enforced; see <see cref="LimitGroup"/>.</param>
/// <param name="Sampled">What the kernel would not cap in it: memory, CPU, processes.</param>
internal sealed record MachineFacts(
    long? SoftOpenFiles, long? HardOpenFiles, KernelLimit? Watches, KernelLimit? Instances,
    string KillRung, IReadOnlyList<string> Skipped, string LimitKind, IReadOnlyList<string> Sampled, bool IsRoot, bool IsContainer, bool HasSystemd)
{
    /// <summary>Tries the kill ladder and the caps on groups of its own, which it removes. Takes some milliseconds.</summary>
    public static async Task<MachineFacts> ReadAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var (soft, hard) = OpenFiles(ReadLines($"/proc/{ProcessTag.Parent(Environment.ProcessId) ?? Environment.ProcessId}/limits"));
        var (instances, watches) = InotifyUse.Count();
        var trial = string.Create(CultureInfo.InvariantCulture, $"doctor{Environment.ProcessId}");
        var ladder = await KillLadder.ChooseAsync(trial, time, cancellationToken);
        var limits = LimitGroup.Create(trial, "trial", new ResourceCaps(64 << 20, 1, 64));
        limits.Remove();

        return new MachineFacts(
            soft, hard, Smaller("watches", watches), Smaller("instances", instances), ladder.Rung, ladder.Skipped,
            limits.Kind, [.. NotEnforced(limits.Enforced)], Environment.IsPrivilegedProcess,
            File.Exists("/.dockerenv") || File.Exists("/run/.containerenv") || Environment.GetEnvironmentVariable("container") is not null,
            Directory.Exists("/run/systemd/system"));
    }

    /// <summary>The line is "Max open files  SOFT  HARD  files". Pure.</summary>
    internal static (long? Soft, long? Hard) OpenFiles(IEnumerable<string> limits) =>
        limits.FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal))
            ?["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var soft, var hard, ..]
            ? (Number(soft), Number(hard))
            : (null, null);

    /// <summary>The kernel counts twice, for the user and for the user namespace; the smaller limit counts.</summary>
    private static KernelLimit? Smaller(string what, long used)
    {
        string[] names = [$"fs.inotify.max_user_{what}", $"user.max_inotify_{what}"];
        return names.Select(name => (Name: name, Limit: Number(ReadLines("/proc/sys/" + name.Replace('.', '/')).FirstOrDefault())))
            .Where(found => found.Limit is not null).OrderBy(found => found.Limit).Select(found => new KernelLimit(found.Name, found.Limit!.Value, used)).FirstOrDefault();
    }

    private static IEnumerable<string> NotEnforced(ResourceCaps enforced)
    {
        if (enforced.MemoryBytes is null)
            yield return "memory";
        if (enforced.Cores is null)
            yield return "CPU";
        if (enforced.Processes is null)
            yield return "processes";
    }

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string[] ReadLines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            // Not every kernel and container has every file; the check is then left out.
            return [];
        }
    }
}
