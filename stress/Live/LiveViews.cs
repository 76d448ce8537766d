namespace Supervisor.Stress.Live;

/// <summary>Which view suits whoever is looking.</summary>
internal static class LiveViews
{
    /// <param name="json">Asked for on the command line: wins over a terminal.</param>
    public static ILiveView Choose(bool json) =>
        (json, Console.IsOutputRedirected) switch
        {
            (true, _) => new JsonView(Console.Out),
            (_, true) => new PlainView(Console.Out),
            _ => new TerminalView(Spectre.Console.AnsiConsole.Console),
        };
}
