using System.Globalization;
using Supervisor.Configuration;
using Supervisor.Host.StateMachine;
using Supervisor.Host.Validation;
using Supervisor.Processes;

namespace Supervisor.Host.Running;

/// <summary>
/// Runs the command that stops the service: in its folder, with its environment, and with what it prints in the service's log. It and all that it started are gone at
/// the end of the grace period. One at a time.
/// </summary>
internal sealed class StopCommand(RunSetup setup, CommandRunner commands)
{
    private const string Scope = "stop";

    /// <param name="spec">Has a stop command.</param>
    /// <param name="pid">Of the service's main process; null: none runs.</param>
    /// <returns>Why it has failed; null: it exited with 0.</returns>
    public async Task<string?> RunAsync(ServiceSpec spec, int? port, int? pid, CancellationToken killNow)
    {
        var trouble = await TryRunAsync(WithPid(spec, pid), port, killNow);

        if (trouble is not null)
            setup.Output.WriteHostLines(HostLines.Warning + trouble);

        return trouble;
    }

    private async Task<string?> TryRunAsync(ServiceSpec spec, int? port, CancellationToken killNow)
    {
        using var deadline = new CancellationTokenSource(spec.Stop.Grace, setup.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(killNow, deadline.Token);

        try
        {
            var result = await commands.RunAsync(spec, spec.Stop.Command!, Scope, port, grace: TimeSpan.Zero, line => setup.Output.WriteHostLines(HostLines.Quoted + line), either.Token);
            return result switch
            {
                { Exit.IsSuccess: true } => null,
                { Exit: var exit, LastLines: [.., var last] } => $"its stop command {exit.Describe()}: {last}",
                { Exit: var exit } => $"its stop command {exit.Describe()}",
            };
        }
        catch (SpawnException failure)
        {
            return $"its stop command could not be started: {failure.Message}";
        }
        catch (OperationCanceledException)
        {
            return killNow.IsCancellationRequested
                ? "its stop command was killed at once, as requested"
                : $"its stop command did not end within {StatusText.Duration(spec.Stop.Grace)} and was killed";
        }
    }

    private static ServiceSpec WithPid(ServiceSpec spec, int? pid)
    {
        if (pid is not { } number)
            return spec;

        var environment = new Dictionary<string, string>(spec.Environment, StringComparer.Ordinal)
        {
            [StopVariables.MainProcess] = number.ToString(CultureInfo.InvariantCulture),
        };
        return spec with { Environment = environment };
    }
}
