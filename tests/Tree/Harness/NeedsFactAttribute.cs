
namespace Supervisor.Tree.Harness;

/// <summary>
/// A fact that needs programs a machine may lack: skipped there with a message. In CI, which installs them, it is skipped only for programs that
/// TESTS_MAY_LACK names.
/// </summary>
internal class NeedsFactAttribute : FactAttribute
{
    public NeedsFactAttribute(params string[] programs) => base.Skip = ReasonToSkip(programs);

    internal static string? ReasonToSkip(string[] programs)
    {
        var missing = programs.Where(program => !IsThere(program)).ToArray();
        return missing.Length > 0 && (Environment.GetEnvironmentVariable("CI") is null || missing.All(program => OptionalPrograms.Contains(program, StringComparer.Ordinal)))
            ? $"needs {string.Join(", ", missing)}"
            : null;
    }

    private static string[] OptionalPrograms => Environment.GetEnvironmentVariable("TESTS_MAY_LACK")?.Split(' ') ?? [];

    private static bool IsThere(string program) =>
        program.Contains('/', StringComparison.Ordinal)
            ? Path.Exists(program)
            : Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}

/// <summary>A theory that needs programs a machine may lack.</summary>
internal sealed class NeedsTheoryAttribute : TheoryAttribute
{
    public NeedsTheoryAttribute(params string[] programs) => base.Skip = NeedsFactAttribute.ReasonToSkip(programs);
}

/// <summary>A fact that acts as another user; only root can.</summary>
internal sealed class OtherUserFactAttribute : NeedsFactAttribute
{
    public OtherUserFactAttribute()
        : base("setpriv", "/usr/bin/python3")
    {
        if (Environment.UserName != "root")
            base.Skip = "only root can act as another user";
    }
}

/// <summary>A fact that mounts file systems; only root may, and not in every container.</summary>
internal sealed class MountingFactAttribute : NeedsFactAttribute
{
    public MountingFactAttribute(params string[] programs)
        : base(["mount", "umount", .. programs])
    {
        if (Environment.UserName != "root")
            base.Skip = "only root can mount";
        else if (Skip is null && !MayMount)
            base.Skip = "this machine does not allow mounts";
    }

    // CAP_SYS_ADMIN is bit 21 of the effective set.
    private static bool MayMount =>
        File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("CapEff:", StringComparison.Ordinal)) is { } effective
        && (Convert.ToUInt64(effective["CapEff:".Length..].Trim(), 16) >> 21 & 1) == 1;
}
