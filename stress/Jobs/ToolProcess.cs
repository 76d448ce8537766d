using System.ComponentModel;
using System.Text;
using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Jobs;

/// <summary>Runs the tools of jobs. A tool that takes too long, or whose job is cancelled, is killed with all its children.</summary>
internal static class ToolProcess
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Returns its standard output.</summary>
    /// <param name="input">Its standard input.</param>
    /// <exception cref="ToolFailedException">The tool does not exist, failed or was not done in time.</exception>
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

    // The user's own git settings (signing, hooks, templates) must not affect a job.
    private static CliWrap.Command Tool(string program, IReadOnlyList<string> arguments, string folder, string input) => CliWrap.Cli.Wrap(program)
        .WithArguments(arguments)
        .WithWorkingDirectory(folder)
        .WithStandardInputPipe(CliWrap.PipeSource.FromString(input, Encoding.UTF8))
        .WithEnvironmentVariables(variables => variables.Set("GIT_CONFIG_GLOBAL", "/dev/null").Set("GIT_CONFIG_NOSYSTEM", "1"));
}

/// <summary>A tool of a job failed. The message names the tool and its output.</summary>
internal sealed class ToolFailedException(string message) : Exception(message);
