namespace Supervisor.Cli.Rendering;

/// <summary>Where a command writes: results to <see cref="Out"/>, errors to <see cref="Error"/>. Writing never throws.</summary>
/// <param name="Width">Of the terminal in cells, or <see cref="Unlimited"/>.</param>
internal sealed record Screen(TextWriter Out, TextWriter Error, bool Coloured, bool IsTerminal, int Width)
{
    /// <summary>Without a terminal nothing is shortened: another program reads it.</summary>
    public const int Unlimited = int.MaxValue;

    /// <summary>Of the standard output.</summary>
    public OutputReader Reader { get; } = new();

    public static Screen OfThisProcess()
    {
        var isTerminal = !Console.IsOutputRedirected;
        var screen = new Screen(
            new NonThrowingWriter(Console.OpenStandardOutput()), new NonThrowingWriter(Console.OpenStandardError()),
            ColourChoice.IsColoured(Environment.GetEnvironmentVariable, isTerminal), isTerminal, isTerminal ? TerminalWidth() : Unlimited);

        Console.SetOut(screen.Out);
        Console.SetError(screen.Error);
        return screen;
    }

    private static int TerminalWidth()
    {
        try
        {
            return Console.WindowWidth is var width and > 20 ? width : 80;
        }
        catch (IOException)
        {
            // The terminal was closed in between; any width will do.
            return 80;
        }
    }
}
