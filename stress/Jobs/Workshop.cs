using System.ComponentModel;
using System.Diagnostics;

namespace Supervisor.Stress.Jobs;

/// <summary>Runs the tools of jobs. Owns each until it has ended: one that takes too long, or is no longer wanted, is killed with all its children.</summary>
internal static class Workshop
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Returns what it printed.</summary>
    /// <param name="input">Its standard input.</param>
    /// <exception cref="ToolFailedException">It does not exist, did not succeed or was not done in time.</exception>
    public static async Task<string> RunAsync(
        string program, IReadOnlyList<string> arguments, string folder, CancellationToken stopping, string input = "")
    {
        using var process = Start(program, arguments, folder);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        late.CancelAfter(Deadline);
        try
        {
            var reading = Task.WhenAll(process.StandardOutput.ReadToEndAsync(late.Token), process.StandardError.ReadToEndAsync(late.Token));
            await SayAsync(process, input);
            await process.WaitForExitAsync(late.Token);
            var said = await reading;
            return process.ExitCode == 0
                ? said[0]
                : throw new ToolFailedException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {said[1]}");
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            throw new ToolFailedException($"{program} {string.Join(' ', arguments)} was not done within {Deadline}.");
        }
        finally
        {
            await EndAsync(process);
        }
    }

    private static Process Start(string program, IReadOnlyList<string> arguments, string folder)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };

        // The user's own git settings (signing, hooks, templates) are none of a job's business.
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception absent)
        {
            throw new ToolFailedException($"{program} does not start: {absent.Message}");
        }
    }

    private static async Task SayAsync(Process process, string input)
    {
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading: its exit code tells why.
        }
    }

    private static async Task EndAsync(Process process)
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
    }
}

/// <summary>A tool of a job did not do what it was run for. The message names it and what it said.</summary>
internal sealed class ToolFailedException(string message) : Exception(message);
