using Supervisor.Cli.Rendering;

namespace Supervisor.Cli;

internal static class Program
{
    private static Task<int> Main(string[] arguments) =>
        CommandLine.RunAsync(arguments, Screen.OfThisProcess(), TimeProvider.System);
}
