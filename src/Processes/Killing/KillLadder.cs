namespace Supervisor.Processes;

/// <summary>
/// How a whole tree of processes is killed here, chosen once per run: cgroup v2, else the v1 freezer, else a walk through /proc as subreaper,
/// else the process group. A server that forks twice, calls setsid or ignores SIGTERM leaves nothing behind on the first three.
/// </summary>
public sealed class KillLadder
{
    public const string Cgroup2 = "cgroup2";
    public const string Freezer = "freezer";
    public const string Walk = "walk";
    public const string Group = "group";

    /// <summary>Names the rung to start trying at; for tests, and for machines where a better rung lies.</summary>
    public const string RungVariable = "SUPERVISOR_KILL_RUNG";

    private static readonly string[] Rungs = [Cgroup2, Freezer, Walk, Group];

    private KillLadder(string rung, IReadOnlyList<string> passed)
    {
        Rung = rung;
        Passed = passed;
    }

    public string Rung { get; }

    /// <summary>The better rungs that do not hold here, each with the reason; for people.</summary>
    public IReadOnlyList<string> Passed { get; }

    /// <summary>The best rung that a trial with a real process proves to work. Takes some milliseconds.</summary>
    /// <param name="treeId">One trial at a time for each: the next one clears away what a trial that was killed has left.</param>
    public static async Task<KillLadder> ChooseAsync(string treeId, TimeProvider time, CancellationToken cancellationToken)
    {
        var passed = new List<string>();
        foreach (var rung in Rungs.SkipWhile(rung => rung != First()))
        {
            if (await KillTrial.WhyNotAsync(treeId, rung, time, cancellationToken).ConfigureAwait(false) is not { } reason)
                return new KillLadder(rung, passed);
            passed.Add($"{rung}: {reason}");
        }

        return new KillLadder(Group, passed);
    }

    /// <summary>The rung that somebody else has chosen (a parent for its host); not tried again.</summary>
    /// <exception cref="ArgumentException">There is no such rung.</exception>
    public static KillLadder Named(string rung) =>
        Rungs.Contains(rung, StringComparer.Ordinal)
            ? new KillLadder(rung, [])
            : throw new ArgumentException($"'{rung}' is no rung of the kill ladder; there are {string.Join(", ", Rungs)}.", nameof(rung));

    /// <summary>An empty scope, or the one of this name that is already there. Its tag is <c>TREE/NAME</c>.</summary>
    /// <exception cref="IOException">The cgroup cannot be made.</exception>
    public ProcessScope CreateScope(string treeId, string name)
    {
        var folder = Rung switch
        {
            Cgroup2 => MakeFolder(CgroupMounts.OwnVersion2(), treeId, name),
            Freezer => MakeFolder(CgroupMounts.OwnVersion1("freezer"), treeId, name),
            _ => null,
        };
        return OpenScope(Rung, folder, leader: null, $"{treeId}/{name}");
    }

    /// <summary>A scope that another process made, to kill what that process can no longer kill itself.</summary>
    /// <param name="path">Its folder, for the rungs that have one.</param>
    /// <param name="leader">The main process, as it was written down when it was started.</param>
    /// <param name="tag">What its processes carry in their environment.</param>
    public static ProcessScope OpenScope(string rung, string? path, ProcessIdentity? leader, string? tag)
    {
        IReadOnlyList<ProcessIdentity> leaders = leader is { } known ? [known] : [];
        return (rung, path) switch
        {
            (Cgroup2, not null) => new Cgroup2Scope(new CgroupFolder(path), tag, leaders),
            (Freezer, not null) => new FreezerScope(new CgroupFolder(path), tag, leaders),
            (Group, _) => new GroupScope(tag, leaders),
            _ => new WalkScope(tag, leaders),
        };
    }

    private static string MakeFolder(string? parent, string treeId, string name)
    {
        var wanted = CgroupFolder.NameFor(treeId, name);
        return parent is not null && CgroupFolder.TryCreate(parent, wanted) is { } folder
            ? folder.Path
            : throw new IOException($"The cgroup {wanted} cannot be made in {parent ?? "a cgroup file system: none is mounted"}.");
    }

    private static string First() =>
        Environment.GetEnvironmentVariable(RungVariable) is { } named && Rungs.Contains(named, StringComparer.Ordinal) ? named : Cgroup2;
}
