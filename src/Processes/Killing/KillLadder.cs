namespace Supervisor.Processes;

/// <summary>
/// The methods to kill a whole process tree, best first; one is chosen per run: cgroup v2, else the v1 freezer, else a walk through /proc as subreaper,
/// else the process group. With the first three, a server that forks twice, calls setsid or ignores SIGTERM leaves no process.
/// </summary>
public sealed class KillLadder
{
    public const string Cgroup2 = "cgroup2";
    public const string Freezer = "freezer";
    public const string Walk = "walk";
    public const string Group = "group";

    /// <summary>The rung to start the trials at; for tests, and for machines where a better rung does not work as reported.</summary>
    public const string RungVariable = "SUPERVISOR_KILL_RUNG";

    private static readonly string[] Rungs = [Cgroup2, Freezer, Walk, Group];

    private KillLadder(string rung, IReadOnlyList<string> skipped)
    {
        Rung = rung;
        Skipped = skipped;
    }

    public string Rung { get; }

    /// <summary>The better rungs that do not work here, each with the reason; for users.</summary>
    public IReadOnlyList<string> Skipped { get; }

    /// <summary>Chooses the best rung that kills a real process in a trial. Takes some milliseconds.</summary>
    /// <param name="treeId">One trial at a time per id: the next trial cleans up after a killed one.</param>
    public static async Task<KillLadder> ChooseAsync(string treeId, TimeProvider time, CancellationToken cancellationToken)
    {
        var skipped = new List<string>();
        foreach (var rung in Rungs.SkipWhile(rung => rung != FirstRung()))
        {
            if (await KillTrial.FindProblemAsync(treeId, rung, time, cancellationToken).ConfigureAwait(false) is not { } reason)
                return new KillLadder(rung, skipped);
            skipped.Add($"{rung}: {reason}");
        }

        return new KillLadder(Group, skipped);
    }

    /// <summary>A rung that another process has chosen (a parent for its host); not tried again.</summary>
    /// <exception cref="ArgumentException">There is no such rung.</exception>
    public static KillLadder ForRung(string rung) =>
        Rungs.Contains(rung, StringComparer.Ordinal)
            ? new KillLadder(rung, [])
            : throw new ArgumentException($"'{rung}' is no rung of the kill ladder; there are {string.Join(", ", Rungs)}.", nameof(rung));

    /// <summary>Creates an empty scope, or opens the existing one of this name. Its tag is <c>TREE/NAME</c>.</summary>
    /// <exception cref="IOException">The cgroup cannot be made.</exception>
    public ProcessScope CreateScope(string treeId, string name)
    {
        var folder = Rung switch
        {
            Cgroup2 => CreateFolder(CgroupMounts.OwnVersion2(), treeId, name),
            Freezer => CreateFolder(CgroupMounts.OwnVersion1("freezer"), treeId, name),
            _ => null,
        };
        return OpenScope(Rung, folder, leader: null, $"{treeId}/{name}");
    }

    /// <summary>Opens a scope that another process made, to kill its members after that process has died.</summary>
    /// <param name="path">Its folder, for the rungs that have one.</param>
    /// <param name="leader">The stored identity of the main process.</param>
    /// <param name="tag">The tag in the environment of its processes.</param>
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

    /// <summary>Opens what a dead run left of one service, wherever its processes are; its cgroup is opened by <see cref="OpenScope"/>.</summary>
    /// <param name="leader">The stored identity of the main process.</param>
    public static ProcessScope OpenLeftovers(string tag, ProcessIdentity? leader) => new TaggedScope(tag, leader is { } known ? [known] : []);

    private static string CreateFolder(string? parent, string treeId, string name)
    {
        var wanted = CgroupFolder.NameFor(treeId, name);
        return parent is not null && CgroupFolder.TryCreate(parent, wanted) is { } folder
            ? folder.Path
            : throw new IOException($"The cgroup {wanted} cannot be made in {parent ?? "a cgroup file system: none is mounted"}.");
    }

    private static string FirstRung() =>
        Environment.GetEnvironmentVariable(RungVariable) is { } named && Rungs.Contains(named, StringComparer.Ordinal) ? named : Cgroup2;
}
