using System.CommandLine;

namespace Supervisor.Stress.Commands;

internal static class CompareCommand
{
    public static Command Build() => new("compare", "x");
}
