
namespace Supervisor.Cli.Rendering;

/// <summary>What became of a command, a line per service.</summary>
internal static class OutcomeLines
{
    /// <returns>The exit code that the outcomes amount to.</returns>
    public static ExitCode Write(Screen screen, Outcomes outcomes)
    {
        foreach (var outcome in outcomes.Services)
            Write(screen, outcome);

        return outcomes.Services.All(o => o.Succeeded) ? ExitCode.Ok : ExitCode.Failed;
    }

    public static void Write(Screen screen, ServiceOutcome outcome)
    {
        var palette = new Palette(screen.Coloured);
        var mark = outcome.Succeeded ? palette.Good("ok    ") : palette.Bad("failed");

        (outcome.Succeeded ? screen.Out : screen.Error).WriteLine($"{mark} {Sentence(outcome)}");
    }

    /// <summary>The message, which need not begin with the service it is about.</summary>
    internal static string Sentence(ServiceOutcome outcome) => outcome.Message.StartsWith(outcome.Service, StringComparison.Ordinal)
        ? outcome.Message
        : $"{outcome.Service}: {outcome.Message}";
}
