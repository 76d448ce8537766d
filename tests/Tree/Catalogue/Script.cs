using System.Diagnostics;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree.Catalogue;

/// <summary>
/// Runs a shell script with the words of the catalogue. It writes requests to its standard output, one per line, and reads one line for each.
/// </summary>
internal static class Script
{
    /// <param name="folder">The working directory: the watched root.</param>
    public static async Task<CommandResult> RunAsync(
        string script, string folder, IReadOnlyDictionary<string, string?> environment, Func<string, Task<string>> answer)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", $". '{Path.Combine(CatalogueCase.Folder, "verbs.sh")}'\n{script}"])
        {
            WorkingDirectory = folder, UseShellExecute = false,
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };

        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        using var shell = Process.Start(start) ?? throw new InvalidOperationException("/bin/sh does not start");
        using var late = new CancellationTokenSource(Wait.DefaultTimeout * 2);

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
