using System.Globalization;
using System.Text;
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

    /// <summary>After a command line of the shell, such as <c>ulimit -n 20000</c>, in the same process.</summary>
    public static Command OpenTerminalAfter(this TestTree tree, string preparation, params string[] arguments) =>
        tree.BeginOther(Python, [Script, "/bin/sh", "-c", $"{preparation} && exec \"$0\" \"$@\"", Executables.Supervisor, .. arguments]);

    /// <summary>With colours, which tests otherwise turn off.</summary>
    public static Command OpenColouredTerminal(this TestTree tree, params string[] arguments)
    {
        (tree["NO_COLOR"], tree["TERM"]) = (null, "xterm-256color");
        return tree.OpenTerminal(arguments);
    }

    /// <summary>What a command shows in a terminal of that width, as text without colours; its standard error is in the output.</summary>
    public static async Task<CommandResult> RunInTerminalAsync(this TestTree tree, int columns, params string[] arguments)
    {
        await using var terminal = tree.OpenTerminalAfter($"stty cols {columns} rows 24", arguments);
        return await terminal.ExitAsync();
    }

    /// <summary>Waits for the end of the command.</summary>
    public static async Task<CommandResult> ExitAsync(this Command terminal)
    {
        await terminal.LineShownAsync("[exit ");
        var text = Escapes().Replace(terminal.Output, "").ReplaceLineEndings("\n");
        var exit = ExitLine().Match(text);
        return new CommandResult(int.Parse(exit.Groups[1].Value, CultureInfo.InvariantCulture), text[..exit.Index], Errors: "");
    }

    /// <summary>The lines of <c>status</c> in a terminal of that width.</summary>
    public static async Task<string[]> StatusScreenAsync(this TestTree tree, int columns) => (await tree.RunInTerminalAsync(columns, "status")).Output.Split('\n');

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

    public static void Interrupt(this Command terminal) => terminal.Type(CtrlC);

    /// <summary>Types these characters.</summary>
    public static void Keys(this Command terminal, string keys) => terminal.Type("key " + Convert.ToHexString(Encoding.UTF8.GetBytes(keys)));

    public static void Resize(this Command terminal, int columns, int rows) => terminal.Type(string.Create(CultureInfo.InvariantCulture, $"size {columns} {rows}"));

    /// <summary>The window takes no more output, as when its program hangs; <see cref="Thaw"/> ends that.</summary>
    public static void Freeze(this Command terminal) => terminal.Type("freeze");

    public static void Thaw(this Command terminal) => terminal.Type("thaw");

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

    // .NET sends some without width before the first line.
    [GeneratedRegex(@"\e(\[[0-9;?]*[A-Za-z]|[=>])")]
    private static partial Regex Escapes();

    [GeneratedRegex(@"\[exit (-?[0-9]+)\]")]
    private static partial Regex ExitLine();
}
