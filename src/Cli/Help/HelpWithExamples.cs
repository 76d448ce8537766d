using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Supervisor.Cli.Help;

/// <summary>The library's help, followed by examples and, for the root command, the exit codes.</summary>
internal sealed class HelpWithExamples(HelpAction inner) : SynchronousCommandLineAction
{
    public const string ExitCodes =
        """
        Exit codes:
          0 ok   1 failed   2 usage   3 no tree runs   4 no such service
          5 a service is stale, unhealthy, blocked, failed or in a crash loop (status)
          17 wait timed out   18 service failed while waiting   78 configuration missing or wrong
        """;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var exitCode = inner.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command;
        var examples = Examples.Of(command is RootCommand ? "" : command.Name);
        var width = examples.Max(e => e.Command.Length);

        output.WriteLine("Examples:");

        foreach (var (line, meaning) in examples)
            output.WriteLine($"  {line.PadRight(width)}  {meaning}");

        output.WriteLine();

        if (command is RootCommand)
            output.WriteLine(ExitCodes);

        return exitCode;
    }
}
