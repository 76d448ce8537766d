using System.Runtime.InteropServices;

namespace Supervisor.Demo;

/// <summary>Counts the page's words now and then; told to by SIGHUP, it counts at once. A server that reloads without a restart.</summary>
internal static class Worker
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(20);

    public static async Task<int> RunAsync(string page, TimeProvider time)
    {
        using var hurry = new SemaphoreSlim(0);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            hurry.Release();
        });

        while (true)
        {
            var words = (await File.ReadAllTextAsync(page)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
            Console.WriteLine($"the page has {words} words");

            using var pause = new CancellationTokenSource(Pause, time);
            await hurry.WaitAsync(pause.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
