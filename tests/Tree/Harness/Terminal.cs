namespace Supervisor.Tree.Harness;

/// <summary>The executable in a terminal of its own, as a person sees it.</summary>
internal static class Terminal
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
        await terminal.ShownAsync("[exit ");

        // .NET sends escape sequences without width before the first line.
        var screen = terminal.Output[terminal.Output.IndexOf("SERVICE", StringComparison.Ordinal)..];
        return [.. screen.Split('\n').Select(line => line.TrimEnd('\r'))];
    }

    /// <exception cref="TimeoutException">It is not; the message has what is.</exception>
    public static async Task ShownAsync(this Command terminal, string text, TimeSpan? deadline = null)
    {
        try
        {
            await Wait.UntilAsync(() => terminal.Output.Contains(text, StringComparison.Ordinal), $"\"{text}\" is shown", deadline);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}\n{terminal.Output}", late);
        }
    }

    public static void Interrupt(this Command terminal) => terminal.Type(CtrlC);

    /// <summary>By Ctrl-C.</summary>
    public static async Task EndAsync(this Command terminal)
    {
        terminal.Interrupt();
        await terminal.ShownAsync("[exit 0]");
    }
}
