using System.Text;

namespace Supervisor.Tree.Harness;

/// <summary>Runs a program that is not part of supervisor to its end. On timeout or cancellation it is killed with all its children.</summary>
internal static class ForeignProgram
{
    /// <returns>The result with any exit code.</returns>
    /// <exception cref="TimeoutException">It was not done in time; the message contains its output.</exception>
    public static async Task<CommandResult> RunAsync(CliWrap.Command program, Encoding encoding, TimeSpan deadline, CancellationToken stopping)
    {
        var (output, errors) = (new StringBuilder(), new StringBuilder());
        using var late = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        late.CancelAfter(deadline);

        try
        {
            var ended = await program
                .WithValidation(CliWrap.CommandResultValidation.None)
                .WithStandardOutputPipe(CliWrap.PipeTarget.ToStringBuilder(output, encoding))
                .WithStandardErrorPipe(CliWrap.PipeTarget.ToStringBuilder(errors, encoding))
                .ExecuteAsync(late.Token)
                .ConfigureAwait(false);
            return new CommandResult(ended.ExitCode, output.ToString(), errors.ToString());
        }
        catch (OperationCanceledException cancelled) when (!stopping.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"{program.TargetFilePath} {program.Arguments} was not done within {deadline}:\n{output}\n{errors}", cancelled);
        }
    }

    /// <summary>The same for callers that cannot await.</summary>
    public static CommandResult Run(CliWrap.Command program, Encoding encoding, TimeSpan deadline) =>
        RunAsync(program, encoding, deadline, CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>Runs it and requires success.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message contains its output.</exception>
    public static string RunChecked(CliWrap.Command program, TimeSpan deadline)
    {
        var result = Run(program, Encoding.UTF8, deadline);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"{program.TargetFilePath} {program.Arguments}: {result}");
    }
}
