using System.Diagnostics;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree.Catalogue;

/// <summary>A shell script that asks questions on its standard output, one a line, and gets one line for each.</summary>
internal static class Script
{
    public static async Task<CommandResult> RunAsync(string script, WatchedFolder folder, Func<string, Task<string>> answer)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", script])
        {
            WorkingDirectory = folder.Root, UseShellExecute = false,
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };

        foreach (var (name, value) in folder.Environment)
            start.Environment[name] = value;

        (start.Environment["ROOT"], start.Environment["OUTSIDE"], start.Environment["RUN"]) = (folder.Root, folder.Outside, folder.Runtime);
        using var shell = Process.Start(start) ?? throw new InvalidOperationException("/bin/sh does not start");
        using var late = new CancellationTokenSource(Wait.Long * 2);

        try
        {
            var said = shell.StandardError.ReadToEndAsync(late.Token);

            while (await shell.StandardOutput.ReadLineAsync(late.Token) is { } asked)
                await shell.StandardInput.WriteLineAsync((await answer(asked)).AsMemory(), late.Token);

            await shell.WaitForExitAsync(late.Token);
            return new CommandResult(shell.ExitCode, "", await said);
        }
        finally
        {
            if (!shell.HasExited)
                shell.Kill(entireProcessTree: true);
        }
    }
}
