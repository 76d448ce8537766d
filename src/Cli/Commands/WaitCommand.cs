using System.CommandLine;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Foreground;
using Supervisor.Cli.Output;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Commands;

/// <summary><c>wait</c>: for scripts and CI.</summary>
internal static class WaitCommand
{
    // The parent applies the timeout. Without an answer this much later, the parent itself does not respond.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    private const string Completed = "completed";

    public static Command Build(CommandContext context)
    {
        var services = ServiceArgument.AtLeastOne("The services to wait for.");
        var wanted = new Option<string>("--for") { Description = "What to wait for: ready, stopped or completed.", DefaultValueFactory = _ => "ready" };
        wanted.AcceptOnlyFromAmong("ready", "stopped", Completed);
        var timeout = DurationOption.Create("--timeout", "How long, for example 300ms, 60s or 2m.", TimeSpan.FromSeconds(60));
        var json = JsonOption.Create();
        var command = new Command("wait", "Wait until services are ready (running, where no probe is configured), stopped, or completed: then the exit code is that of the service.") { services, wanted, timeout, json };

        command.SetAction((parsed, cancellationToken) => RunAsync(
            context, parsed, parsed.GetRequiredValue(services), parsed.GetRequiredValue(wanted), parsed.GetValue(timeout), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context, ParseResult parsed, IReadOnlyList<string> asked, string wanted, TimeSpan timeout, bool json, CancellationToken cancellationToken)
    {
        await using var link = await context.ConnectAsync(parsed, cancellationToken);
        var services = link.Names.Resolve(asked);

        try
        {
            var answer = await link.AskAsync(
                (control, token) => control.WaitAsync(services, wanted, (long)timeout.TotalMilliseconds, token), cancellationToken)
                .WaitAsync(timeout + Slack, context.Time, cancellationToken);

            var exitCode = ExitCodeOf(answer.Result);

            if (json)
                context.Screen.Out.WriteLine(AnswerJson.Of(answer));
            else
                (exitCode == ExitCode.Ok ? context.Screen.Out : context.Screen.Error).WriteLine(answer.Message);

            // Only the failed ones: a service that is waited for in a backoff has not failed yet.
            if (exitCode == ExitCode.FailedWhileWaiting && !json)
                await FailureOutput.ShowAsync(context.Screen, link, answer.Services.Where(IsDownForGood).Select(s => s.Name), cancellationToken);

            return exitCode == ExitCode.FailedWhileWaiting && wanted == Completed && answer.Services.FirstOrDefault(IsDownForGood) is { } failed
                ? RunEnd.ExitCodeOf(failed) : (int)exitCode;
        }
        catch (TimeoutException e)
        {
            throw new CommandFailure(ExitCode.WaitTimedOut, "The parent did not answer in time.", inner: e);
        }
    }

    /// <summary>In the order of the command line.</summary>
    private static bool IsDownForGood(ServiceStatus service) => service.State is ServicePhase.CrashLoop or ServicePhase.Failed;

    internal static ExitCode ExitCodeOf(string result) => result switch
    {
        "ok" => ExitCode.Ok,
        "timed-out" => ExitCode.WaitTimedOut,
        "failed" => ExitCode.FailedWhileWaiting,
        _ => ExitCode.Failed,
    };
}
