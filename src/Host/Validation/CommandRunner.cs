using Supervisor.Host.Output;
using Supervisor.Host.Running;
using Supervisor.Processes;

namespace Supervisor.Host.Validation;

/// <summary>How a command exited, and the last lines of its output.</summary>
internal sealed record CommandResult(ExitReason Exit, IReadOnlyList<string> LastLines);

/// <summary>
/// Runs a configured command (a build, a validation, an exec probe) to its end, in its own session and scope. When <see cref="RunAsync"/> returns, in whatever way,
/// all its processes are gone.
/// </summary>
internal sealed class CommandRunner(ProcessLauncher launcher, ServiceScopes scopes, TimeProvider time)
{
    private const int LinesKept = 20;
    private static readonly TimeSpan OutputDrainTimeout = TimeSpan.FromMilliseconds(500);

    /// <param name="spec">Of the service: it runs in its folder with its environment.</param>
    /// <param name="name">Of the scope: one command of this name at a time.</param>
    /// <param name="grace">How long it may take to end when it is cancelled, before it is killed.</param>
    /// <param name="tell">Gets each line of its output as it comes, on another thread; null: nobody does.</param>
    /// <exception cref="SpawnException">The command cannot be started.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, and the command is gone.</exception>
    public async Task<CommandResult> RunAsync(
        ServiceSpec spec, IReadOnlyList<string> command, string name, int? port, TimeSpan grace, Action<string>? tell, CancellationToken cancellationToken)
    {
        var scope = scopes.ForCommand(name);
        var tail = new LastLines(LinesKept, tell);
        using var pipes = OutputPipes.Create(large: false);
        using var pump = OutputPump.Start(pipes, tail, time);

        Child? child = null;

        try
        {
            child = launcher.Spawn(new SpawnRequest(command, spec.WorkingDirectory, ServerEnvironment.For(spec, scope.Tag, port))
            {
                StandardOutput = pipes.OutputWrite,
                StandardError = pipes.ErrorWrite,
                Scope = scope,
            });

            pipes.CloseWriteEnds();
            var exit = await child.Exited.WaitAsync(cancellationToken);
            await EndAsync(scope, pump);
            return new CommandResult(exit, tail.Lines);
        }
        catch (Exception failure) when (failure is OperationCanceledException or SpawnException)
        {
            pipes.CloseWriteEnds();

            if (child is not null && grace > TimeSpan.Zero)
                await StopSequence.RunAsync(child, scope, Signals.Terminate, grace, StopSequence.RestGrace, time, CancellationToken.None);

            await EndAsync(scope, pump);
            throw;
        }
    }

    private async Task EndAsync(ProcessScope scope, OutputPump pump)
    {
        await scope.KillAsync(StopSequence.KillDeadline, time);
        await pump.DrainAsync(OutputDrainTimeout);
        scope.Remove();
    }
}
