namespace Supervisor.Cli.Rendering;

/// <summary>Where a command writes: results to <see cref="Out"/>, what went wrong to <see cref="Error"/>. Writing never throws.</summary>
internal sealed record Screen(TextWriter Out, TextWriter Error, bool Coloured, bool IsTerminal, int Width)
{
    // Wide enough that nothing is cut when a table is read by another program.
    private const int WidthWithoutTerminal = 400;

    public static Screen OfThisProcess()
    {
        var isTerminal = !Console.IsOutputRedirected;
        var screen = new Screen(
            new SteadyWriter(Console.OpenStandardOutput()), new SteadyWriter(Console.OpenStandardError()),
            isTerminal && WantsColour(), isTerminal, isTerminal ? TerminalWidth() : WidthWithoutTerminal);

        Console.SetOut(screen.Out);
        Console.SetError(screen.Error);
        return screen;
    }

    private static bool WantsColour() =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb";

    private static int TerminalWidth()
    {
        try
        {
            return Console.WindowWidth is var width and > 20 ? width : 80;
        }
        catch (IOException)
        {
            // The terminal hung up between the two questions; any width will do.
            return 80;
        }
    }
}
