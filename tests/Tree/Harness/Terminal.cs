namespace Supervisor.Tree.Harness;

/// <summary>The executable in a terminal of its own, as a person sees it.</summary>
internal static class Terminal
{
    private const string CtrlC = "key 03";

    public static Command OpenTerminal(this TestTree tree, params string[] arguments) => tree.BeginOther(
        "/usr/bin/python3", [Path.Combine(Executables.Repository, "tests/Tree/Harness/terminal.py"), Executables.Supervisor, .. arguments]);

    /// <summary>With colours, which tests otherwise turn off.</summary>
    public static Command OpenColouredTerminal(this TestTree tree, params string[] arguments)
    {
        (tree["NO_COLOR"], tree["TERM"]) = (null, "xterm-256color");
        return tree.OpenTerminal(arguments);
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
