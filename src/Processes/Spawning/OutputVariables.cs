using System.Globalization;

namespace Supervisor.Processes;

/// <summary>
/// The variables that tell a server where its output goes. It writes into a pipe, so by itself it would keep some KiB back (Python) and use no colours, although
/// people read it as it comes. Whatever the user has set stays, and whoever wants no colours gets none. Pure.
/// </summary>
public static class OutputVariables
{
    /// <summary>
    /// Set for a tree by the command that starts it, if that shows colours in a terminal: how many cells wide a server's line may be there. Servers do not get it.
    /// </summary>
    public const string TerminalVariable = "SUPERVISOR_TERMINAL_COLUMNS";

    private const string ColumnsVariable = "COLUMNS";
    private const string LinesVariable = "LINES";

    /// <param name="environment">All that the server gets otherwise.</param>
    /// <param name="columns">The value of <see cref="TerminalVariable"/>; null: there is no terminal with colours.</param>
    /// <returns>Those to add, none of which <paramref name="environment"/> has.</returns>
    public static IReadOnlyDictionary<string, string> For(IReadOnlyDictionary<string, string> environment, string? columns)
    {
        var added = new Dictionary<string, string>(StringComparer.Ordinal) { ["PYTHONUNBUFFERED"] = "1" };

        if (columns is not null && !HasDecidedAboutColours(environment))
        {
            (added["FORCE_COLOR"], added["CLICOLOR_FORCE"]) = ("1", "1");
            added[ColumnsVariable] = columns;
        }

        foreach (var name in environment.Keys)
            added.Remove(name);

        return added;
    }

    /// <summary>For a server with a terminal of its own, which it asks itself for colours and the width.</summary>
    /// <inheritdoc cref="For"/>
    public static IReadOnlyDictionary<string, string> ForTerminal(IReadOnlyDictionary<string, string> environment)
    {
        var added = new Dictionary<string, string>(StringComparer.Ordinal) { ["PYTHONUNBUFFERED"] = "1", ["TERM"] = "xterm-256color" };

        foreach (var name in environment.Keys)
            added.Remove(name);

        return added;
    }

    /// <summary>
    /// Removes what the shell in which the tree was started says of its own window: a program believes it more than its terminal, and would not see that its window has changed.
    /// </summary>
    /// <param name="columns">As for <see cref="For"/>: used where the shell says nothing.</param>
    /// <returns>The window of a new terminal, as it says.</returns>
    public static WindowSize TakeWindow(IDictionary<string, string> shell, string? columns)
    {
        var size = WindowSize.Parse(shell.TryGetValue(ColumnsVariable, out var told) ? told : columns, shell.TryGetValue(LinesVariable, out var lines) ? lines : null);
        shell.Remove(ColumnsVariable);
        shell.Remove(LinesVariable);
        return size;
    }

    /// <summary>For <see cref="TerminalVariable"/>.</summary>
    public static string Columns(int cells) => cells.ToString(CultureInfo.InvariantCulture);

    // See no-color.org (where an empty variable is none), force-color.org and bixense.com/clicolors.
    private static bool HasDecidedAboutColours(IReadOnlyDictionary<string, string> environment) =>
        environment.GetValueOrDefault("NO_COLOR") is { Length: > 0 } || environment.GetValueOrDefault("CLICOLOR") == "0"
        || environment.ContainsKey("FORCE_COLOR") || environment.ContainsKey("CLICOLOR_FORCE");
}
