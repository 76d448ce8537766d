using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Supervisor.Processes;

/// <summary>
/// Everything that defines a new process; it inherits nothing else from us. It starts in its own session, with an empty signal mask, all signals at their
/// defaults, and no descriptors except 0, 1, 2 and those declared here.
/// </summary>
/// <param name="Argv">The program first: a path, or a name looked up in the PATH of <paramref name="Environment"/>.</param>
/// <param name="WorkingDirectory">Absolute.</param>
/// <param name="Environment">Complete: start from <see cref="InheritedEnvironment"/> for programs that are not ours.</param>
public sealed record SpawnRequest(
    IReadOnlyList<string> Argv, string WorkingDirectory, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>The caller keeps ownership; null: /dev/null.</summary>
    public SafeFileHandle? StandardInput { get; init; }

    /// <summary>The caller keeps ownership; null: /dev/null.</summary>
    public SafeFileHandle? StandardOutput { get; init; }

    /// <summary>The caller keeps ownership; null: /dev/null.</summary>
    public SafeFileHandle? StandardError { get; init; }

    /// <summary>
    /// Path of the terminal that controls the new session and is its three standard streams, instead of those above, which must be null. null: the session has
    /// no terminal.
    /// </summary>
    public string? Terminal { get; init; }

    public IReadOnlyList<InheritedDescriptor> Inherit { get; init; } = [];

    /// <summary>null: the program is spawned directly, with our own limits.</summary>
    public Confinement? Confinement { get; init; }

    /// <summary>
    /// The scope of the child and of all processes that it starts, so that all can be stopped. Entered before the program runs; its tag is set in the
    /// environment as SUPERVISOR_TAG.
    /// </summary>
    public ProcessScope? Scope { get; init; }
}

/// <summary>A descriptor of ours that the child gets under a given number. The caller keeps ownership; the order in a list does not matter.</summary>
/// <param name="Target">At least 3; each only once.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct InheritedDescriptor(int Source, int Target);

/// <summary>
/// Limits that a process can only set for itself before its program runs: a shell sets them and execs the program. If a step fails, the program starts all
/// the same (<see cref="ProcessScope.IsConfined"/> and <see cref="LimitGroup.Holds"/> tell whether it worked).
/// </summary>
public sealed record Confinement
{
    /// <summary>So many files a server may open at least, if the hard limit allows it (design, section 8).</summary>
    public const int ServerMinOpenFiles = 10_240;

    /// <summary>The <c>cgroup.procs</c> files to enter, in this order.</summary>
    public IReadOnlyList<string> ProcsFiles { get; init; } = [];

    /// <summary>RLIMIT_DATA in bytes, for systems where no cgroup caps memory. null: our own limit.</summary>
    public long? DataBytes { get; init; }

    /// <summary>Soft RLIMIT_NOFILE, capped by the hard limit. null: our own limit (CoreCLR has raised it to the hard limit).</summary>
    public int? OpenFiles { get; init; }

    /// <summary>Without <see cref="OpenFiles"/>: raises a lower soft RLIMIT_NOFILE to this, capped by the hard limit; a higher one stays.</summary>
    public int? MinOpenFiles { get; init; }

    /// <summary>The order of kills when memory runs out: servers 500, watcher 300, hosts 100, parent 0. A process may always raise its value.</summary>
    public int? OomScoreAdjustment { get; init; }
}
