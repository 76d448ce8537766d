using System.Text;

namespace Supervisor.Tree.Harness;

/// <summary>A program that is none of ours and that we run to its end. One that is late, or no longer wanted, is killed with all its children.</summary>
internal static class ForeignProgram
{
    /// <returns>Whatever its exit code is.</returns>
    /// <exception cref="TimeoutException">It was not done in time; the message says what it printed.</exception>
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

    /// <summary>The same for who cannot await.</summary>
    public static CommandResult Run(CliWrap.Command program, Encoding encoding, TimeSpan deadline) =>
        RunAsync(program, encoding, deadline, CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>Runs it and waits for its success.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message says what it printed.</exception>
    public static string RunWell(CliWrap.Command program, TimeSpan deadline)
    {
        var result = Run(program, Encoding.UTF8, deadline);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"{program.TargetFilePath} {program.Arguments}: {result}");
    }
}
