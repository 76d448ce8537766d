using System.CommandLine;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Rendering;
using Supervisor.Wire.Contracts;

namespace Supervisor.Cli.Commands;

/// <summary><c>check</c>: is the configuration right? Touches nothing.</summary>
internal static class CheckCommand
{
    public static Command Build(Surroundings here)
    {
        var command = new Command("check", "Check the configuration file: all mistakes at once, with line and column.");
        command.SetAction(parsed => (int)Run(here, parsed));
        return command;
    }

    private static ExitCode Run(Surroundings here, ParseResult parsed)
    {
        var checkout = here.CheckoutOf(parsed);
        var spec = checkout.ReadConfiguration();

        here.Screen.Out.WriteLine($"{checkout.ConfigPath}: ok, {Wording.Count(spec.Services.Count, "service")}: {string.Join(", ", spec.Services.Select(s => s.Name))}");
        return ExitCode.Ok;
    }
}
