namespace Supervisor.Stress.Live;

/// <summary>Chooses the view for the output.</summary>
internal static class LiveViews
{
    /// <param name="json">Requested on the command line: overrides the terminal.</param>
    public static ILiveView Choose(bool json) =>
        (json, Console.IsOutputRedirected) switch
        {
            (true, _) => new JsonView(Console.Out),
            (_, true) => new PlainView(Console.Out),
            _ => new TerminalView(Spectre.Console.AnsiConsole.Console),
        };
}
