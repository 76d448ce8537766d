using System.IO.Pipelines;
using System.Text;
using CliWrap;
using Supervisor.Tree.Harness;
using CommandResult = Supervisor.Tree.Harness.CommandResult;

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
        var (answers, errors) = (new Pipe(), new StringBuilder());
        using var late = new CancellationTokenSource(Wait.DefaultTimeout * 2);

        async Task AnswerAsync(string asked, CancellationToken stopping)
        {
            await answers.Writer.WriteAsync(Encoding.UTF8.GetBytes(await answer(asked) + "\n"), stopping);
        }

        var ended = await CliWrap.Cli.Wrap("/bin/sh")
            .WithArguments(["-c", $". '{Path.Combine(CatalogueCase.Folder, "verbs.sh")}'\n{script}"])
            .WithWorkingDirectory(folder)
            .WithEnvironmentVariables(environment)
            .WithValidation(CommandResultValidation.None)
            .WithStandardInputPipe(PipeSource.FromStream(answers.Reader.AsStream(), autoFlush: true))
            .WithStandardOutputPipe(PipeTarget.ToDelegate(AnswerAsync, Encoding.UTF8))
            .WithStandardErrorPipe(PipeTarget.ToStringBuilder(errors, Encoding.UTF8))
            .ExecuteAsync(late.Token)
            .ConfigureAwait(false);
        return new CommandResult(ended.ExitCode, "", errors.ToString());
    }
}
