using System.Globalization;
using System.Text.RegularExpressions;

namespace Supervisor.Tree.Harness;

/// <summary>The executable in a terminal of its own, as a person sees it.</summary>
internal static partial class Terminal
{
    private const string Python = "/usr/bin/python3";
    private const string CtrlC = "key 03";
    private static readonly string Script = Path.Combine(Executables.Repository, "tests/Tree/Harness/terminal.py");

    public static Command OpenTerminal(this TestTree tree, params string[] arguments) => tree.BeginOther(Python, [Script, Executables.Supervisor, .. arguments]);

    /// <summary>A shell that runs this script; <c>$0</c> is the executable.</summary>
    public static Command OpenScript(this TestTree tree, string script) => tree.BeginOther(Python, Script, "/bin/sh", "-c", script, Executables.Supervisor);

    /// <summary>With colours, which tests otherwise turn off.</summary>
    public static Command OpenColouredTerminal(this TestTree tree, params string[] arguments)
    {
        (tree["NO_COLOR"], tree["TERM"]) = (null, "xterm-256color");
        return tree.OpenTerminal(arguments);
    }

    /// <summary>The lines of <c>status</c> in a terminal of that width.</summary>
    public static async Task<string[]> StatusScreenAsync(this TestTree tree, int columns)
    {
        await using var terminal = tree.BeginOther(
            Python, Script, "/bin/sh", "-c", $"stty cols {columns} rows 24 && exec \"$0\" status", Executables.Supervisor);
        await terminal.ExitedAsync();

        // .NET sends escape sequences without width before the first line.
        var screen = terminal.Output[terminal.Output.IndexOf("SERVICE", StringComparison.Ordinal)..];
        return [.. screen.Split('\n').Select(line => line.TrimEnd('\r'))];
    }

    /// <exception cref="TimeoutException">It is not; the message has what is.</exception>
    public static Task ShownAsync(this Command terminal, string text, TimeSpan? deadline = null) =>
        terminal.UntilAsync(() => terminal.Output.Contains(text, StringComparison.Ordinal), $"\"{text}\" is shown", deadline);

    /// <summary>The first line, once it is whole, that contains each of these: a line may arrive in pieces.</summary>
    public static async Task<string> LineShownAsync(this Command terminal, params string[] parts)
    {
        string? shown = null;
        await terminal.UntilAsync(
            () => (shown = terminal.Output.Split('\n')[..^1].FirstOrDefault(line => parts.All(part => line.Contains(part, StringComparison.Ordinal)))) is not null,
            $"a line with \"{string.Join("\" and \"", parts)}\" is shown");
        return shown!.TrimEnd('\r');
    }

    /// <summary>The exit code of the command, once everything that it has printed has arrived.</summary>
    public static async Task<int> ExitedAsync(this Command terminal)
    {
        var line = await terminal.LineShownAsync("[exit ");
        return int.Parse(ExitCode().Match(line).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    public static void Interrupt(this Command terminal) => terminal.Type(CtrlC);

    /// <summary>By Ctrl-C.</summary>
    public static async Task EndAsync(this Command terminal)
    {
        terminal.Interrupt();
        await terminal.ShownAsync("[exit 0]");
    }

    private static async Task UntilAsync(this Command terminal, Func<bool> holds, string what, TimeSpan? deadline = null)
    {
        try
        {
            await Wait.UntilAsync(holds, what, deadline);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}\n{terminal.Output}", late);
        }
    }

    [GeneratedRegex(@"\[exit (-?\d+)\]")]
    private static partial Regex ExitCode();
}
