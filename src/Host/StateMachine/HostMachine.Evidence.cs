using Supervisor.Supervision;

namespace Supervisor.Host.StateMachine;

/// <summary>What the host keeps about the end of a server that nobody asked for, and how it describes it.</summary>
internal static partial class HostMachine
{
    private static Transition WithRecentChange(Transition transition, HostEvent.FilesChanged change) => transition.Record.Cursors.Contains(change.Cursor)
        ? transition
        : transition.WithRecord(record => record with { RecentChange = RecentChange.Merge(record.RecentChange, change.Files, transition.Context.Now) });

    private static ExitEvidence EvidenceOf(Transition transition, ServerExit exit, string? line)
    {
        var change = transition.Record.RecentChange is { } recent && recent.IsRelevantAt(exit.At) ? recent : null;
        return new ExitEvidence(line, exit.LastLines ?? [], exit.PeakMemoryBytes, change?.Files ?? [], change?.At.Wall);
    }

    /// <summary>How the server ended, with the line of its output that says why.</summary>
    private static (string Description, string? Line) Describe(ServerExit exit, long? memoryCap)
    {
        if (exit.MemoryKill is { } kill)
            return (DescribeKill(kill, exit, memoryCap), null);

        if (exit.IsSuccess || WasKilledFromOutside(exit.Status))
            return (exit.Description, null);

        if (FailureLine.In(exit.LastLines ?? []) is { } line)
            return ($"{exit.Description}: {line}", line);

        // What a program prints last before it exits with a failure is most often about that.
        return exit is { Status.Reason: ExitKind.Exit, LastLines: [.., var last] }
            ? ($"{exit.Description}; its last line: {FailureLine.Shortened(last)}", FailureLine.Shortened(last))
            : (exit.Description, null);
    }

    private static string DescribeKill(MemoryKill kill, ServerExit exit, long? cap)
    {
        var limit = cap is { } bytes ? $"memory limit of {StatusText.Size(bytes)} (limits.memory)" : "memory limit (limits.memory)";

        return kill switch
        {
            MemoryKill.MainProcess => $"was killed at its {limit}",
            MemoryKill.OtherProcess when exit.Status is { Signal: "SIGKILL" } => $"was killed because one of its processes was killed at its {limit}",
            MemoryKill.OtherProcess => $"{exit.Description} after one of its processes was killed at its {limit}",
            _ => $"was killed over its {limit}",
        };
    }

    /// <summary>Such an end has no reason in the server's output.</summary>
    private static bool WasKilledFromOutside(ExitStatus exit) => exit is { Signal: "SIGKILL" or "SIGTERM" or "SIGINT" or "SIGHUP" or "SIGQUIT" };
}
