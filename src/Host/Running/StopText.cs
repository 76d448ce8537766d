using Supervisor.Host.StateMachine;
using Supervisor.Processes;

namespace Supervisor.Host.Running;

/// <summary>How a server ended that was asked to. Pure.</summary>
internal static class StopText
{
    /// <param name="exit">Of the main process.</param>
    /// <param name="atOnce">The request did not grant the grace period, or took back the rest of it.</param>
    /// <returns>null: as it was asked to, which may be by the signal itself.</returns>
    public static string? Of(ExitReason exit, StopReport report, StopSpec asked, bool atOnce) => (report.KilledAfterGrace, exit) switch
    {
        (true, ExitReason.Signaled { Signal: Signals.Kill }) when atOnce => "killed at once, as requested",
        (true, ExitReason.Signaled { Signal: Signals.Kill }) => $"did not end within {StatusText.Duration(asked.Grace)} of {Signals.Name(asked.Signal)} and was killed",
        (true, _) when !atOnce => "left processes that did not end in time and were killed",
        _ => Obeys(exit, asked.Signal) ? null : exit.Describe(),
    };

    /// <returns>null: there is neither.</returns>
    public static string? Join(string? ofCommand, string? ofSignal) => ofCommand is null ? ofSignal : StatusText.Join(ofCommand, ofSignal);

    /// <summary>Many runtimes handle the signal and exit with the code that a shell would report for it.</summary>
    private static bool Obeys(ExitReason exit, int signal) =>
        exit.IsSuccess || (exit.OfProgramUnderShell() is ExitReason.Signaled { Signal: var by } && by == signal);
}
