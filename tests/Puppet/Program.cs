using System.Net.Sockets;

namespace Supervisor.Puppet;

/// <summary>The dev server that misbehaves on request. Harmless when its test dies: it ends by itself after <c>--ttl</c>.</summary>
internal static class Program
{
    private const int Failed = 1;
    private const int BadUsage = 2;

    private static async Task<int> Main(string[] arguments)
    {
        PuppetOptions options;
        try
        {
            options = PuppetOptions.Parse(arguments);
        }
        catch (FormatException mistake)
        {
            await Console.Error.WriteLineAsync($"puppet: {mistake.Message}");
            return BadUsage;
        }

        Acts.Stamp(options);
        using var ending = new Ending(options);
        Acts.MakeTempFile(options, ending);
        Offspring.Bear(options);
        await Acts.TalkAsync(options);
        Acts.CloseOutput(options);

        var aside = Task.WhenAll(
            Acts.LeakAsync(options, ending.Requested), Acts.SpamAsync(options, ending.Requested), Notifier.RunAsync(options.Notify, ending.Requested));
        try
        {
            await WebServer.RunAsync(options, ending.Requested);
        }
        catch (SocketException taken)
        {
            await Console.Error.WriteLineAsync($"puppet: cannot listen on {options.Port}: {taken.Message}");
            return Failed;
        }

        await aside;
        return await ending.Reached;
    }
}
