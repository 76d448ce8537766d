namespace Supervisor.Cli.Rendering;

/// <summary>Whether to colour: what the user asked for by the usual variables, otherwise what the output can show. Pure.</summary>
internal static class ColourChoice
{
    /// <param name="variable">Reads an environment variable.</param>
    /// <param name="isTerminal">The output goes to a terminal.</param>
    public static bool IsColoured(Func<string, string?> variable, bool isTerminal)
    {
        // An empty variable counts as none, as no-color.org and force-color.org say. Who wants no colours wins over a tool that wants some.
        if (variable("NO_COLOR") is { Length: > 0 } || variable("FORCE_COLOR") is "0" or "false")
            return false;

        return variable("FORCE_COLOR") is { Length: > 0 }
            || variable("CLICOLOR_FORCE") is { Length: > 0 } and not "0"
            || (isTerminal && variable("TERM") is { Length: > 0 } and not "dumb");
    }
}
