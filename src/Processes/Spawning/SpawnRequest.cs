using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Supervisor.Processes;

/// <summary>
/// Everything a new process is made of; nothing else of ours reaches it. It starts in a session of its own, with an empty signal mask, every
/// signal at its default, standard input from /dev/null, and no descriptor but 0, 1, 2 and the ones declared here.
/// </summary>
/// <param name="Argv">The program first: a path, or a name looked up in the PATH of <paramref name="Environment"/>.</param>
/// <param name="WorkingDirectory">Absolute.</param>
/// <param name="Environment">Complete: start from <see cref="InheritedEnvironment"/> where the child is somebody else's program.</param>
public sealed record SpawnRequest(
    IReadOnlyList<string> Argv, string WorkingDirectory, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>Stays the caller's; null: /dev/null.</summary>
    public SafeFileHandle? StandardOutput { get; init; }

    /// <summary>Stays the caller's; null: /dev/null.</summary>
    public SafeFileHandle? StandardError { get; init; }

    public IReadOnlyList<InheritedDescriptor> Inherit { get; init; } = [];

    /// <summary>null: the program is spawned directly, with the limits that we have ourselves.</summary>
    public Confinement? Confinement { get; init; }

    /// <summary>
    /// What the child and everything it starts belong to, so that all of it can be stopped. Entered before the program runs; its tag goes
    /// into the environment as SUPERVISOR_TAG.
    /// </summary>
    public ProcessScope? Scope { get; init; }
}

/// <summary>A descriptor of ours that the child gets under a number of its own choice. Stays the caller's; the order of a list does not matter.</summary>
/// <param name="Target">At least 3; each only once.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct InheritedDescriptor(int Source, int Target);

/// <summary>
/// Limits that a process can only put on itself, before its program runs: a shell does that and then becomes the program. A step that fails
/// does not keep the program from starting (<see cref="ProcessScope.IsConfined"/> and <see cref="LimitGroup.Holds"/> tell whether it took hold).
/// </summary>
public sealed record Confinement
{
    /// <summary>The soft limit of open files that a server gets where nothing else is asked for, as far as the hard limit allows (design, section 8).</summary>
    public const int DefaultOpenFiles = 10_240;

    /// <summary>The <c>cgroup.procs</c> files to enter, in this order.</summary>
    public IReadOnlyList<string> ProcsFiles { get; init; } = [];

    /// <summary>RLIMIT_DATA in bytes: a seat-belt where no cgroup caps memory. null: as we have it.</summary>
    public long? DataBytes { get; init; }

    /// <summary>Soft RLIMIT_NOFILE, at most the hard one. null: as we have it (CoreCLR has raised it to the hard limit).</summary>
    public int? OpenFiles { get; init; }

    /// <summary>Who goes first when memory runs out: servers 500, watcher 300, hosts 100, parent 0. Raising is always allowed.</summary>
    public int? OomScoreAdjustment { get; init; }
}
