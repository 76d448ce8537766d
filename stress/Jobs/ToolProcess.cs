using System.ComponentModel;
using System.Text;
using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Jobs;

/// <summary>Runs the tools of jobs. Owns each until it has ended: one that takes too long, or is no longer wanted, is killed with all its children.</summary>
internal static class ToolProcess
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Returns what it printed.</summary>
    /// <param name="input">Its standard input.</param>
    /// <exception cref="ToolFailedException">It does not exist, did not succeed or was not done in time.</exception>
    public static async Task<string> RunAsync(
        string program, IReadOnlyList<string> arguments, string folder, CancellationToken stopping, string input = "")
    {
        try
        {
            var result = await ForeignProgram.RunAsync(Tool(program, arguments, folder, input), Encoding.UTF8, Deadline, stopping);
            return result.ExitCode == 0
                ? result.Output
                : throw new ToolFailedException($"{program} {string.Join(' ', arguments)} ended with {result.ExitCode}: {result.Errors}");
        }
        catch (TimeoutException late)
        {
            throw new ToolFailedException(late.Message);
        }
        catch (Win32Exception absent)
        {
            throw new ToolFailedException($"{program} does not start: {absent.Message}");
        }
    }

    // The user's own git settings (signing, hooks, templates) are none of a job's business.
    private static CliWrap.Command Tool(string program, IReadOnlyList<string> arguments, string folder, string input) => CliWrap.Cli.Wrap(program)
        .WithArguments(arguments)
        .WithWorkingDirectory(folder)
        .WithStandardInputPipe(CliWrap.PipeSource.FromString(input, Encoding.UTF8))
        .WithEnvironmentVariables(variables => variables.Set("GIT_CONFIG_GLOBAL", "/dev/null").Set("GIT_CONFIG_NOSYSTEM", "1"));
}

/// <summary>A tool of a job did not do what it was run for. The message names it and what it said.</summary>
internal sealed class ToolFailedException(string message) : Exception(message);
