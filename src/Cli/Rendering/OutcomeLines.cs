
namespace Supervisor.Cli.Rendering;

/// <summary>The outcome of a command, one line per service.</summary>
internal static class OutcomeLines
{
    /// <returns>The exit code for the outcomes.</returns>
    public static ExitCode Write(Screen screen, Outcomes outcomes, bool json)
    {
        if (json)
            screen.Out.WriteLine(AnswerJson.Of(outcomes));

        foreach (var outcome in json ? [] : outcomes.Services)
            Write(screen, outcome);

        return ExitCodeOf(outcomes);
    }

    public static ExitCode ExitCodeOf(Outcomes outcomes) => outcomes.Services.All(outcome => outcome.Succeeded) ? ExitCode.Ok : ExitCode.Failed;

    public static void Write(Screen screen, ServiceOutcome outcome)
    {
        var palette = new Palette(screen.Coloured);
        var mark = outcome.Succeeded ? palette.Good("ok    ") : palette.Bad("failed");

        (outcome.Succeeded ? screen.Out : screen.Error).WriteLine($"{mark} {Sentence(outcome)}");
    }

    /// <summary>The message, with the service's name in front unless it begins with it.</summary>
    internal static string Sentence(ServiceOutcome outcome) => outcome.Message.StartsWith(outcome.Service, StringComparison.Ordinal)
        ? outcome.Message
        : $"{outcome.Service}: {outcome.Message}";
}
