namespace Supervisor.Demo;

/// <summary>Three small dev servers, for the repository's own supervisor.json: something to save, to reload, to crash and to recover.</summary>
internal static class Program
{
    private static Task<int> Main(string[] arguments) => arguments switch
    {
        ["web", var page, var port] => WebPage.RunAsync(page, port),
        ["worker", var page] => Worker.RunAsync(page, TimeProvider.System),
        ["crasher", var seconds] when int.TryParse(seconds, out var life) => Crasher.RunAsync(TimeSpan.FromSeconds(life), TimeProvider.System),
        _ => ExplainAsync(),
    };

    private static async Task<int> ExplainAsync()
    {
        await Console.Error.WriteLineAsync("supervisor-demo web PAGE PORT | worker PAGE | crasher SECONDS");
        return 2;
    }
}
