using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Supervisor.Puppet;

/// <summary>What the puppet does beside serving.</summary>
internal static class Acts
{
    private const int ChunkSize = 64 * 1024;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    public static void Stamp(PuppetOptions options)
    {
        if (options.Stamp is null)
            return;

        var nanoseconds = (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency));
        File.AppendAllText(options.Stamp, string.Create(CultureInfo.InvariantCulture, $"{nanoseconds} {Environment.ProcessId}\n"));
    }

    public static void MakeTempFile(PuppetOptions options, Ending ending)
    {
        if (!options.TempFile)
            return;

        var path = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"puppet-{Environment.ProcessId}.tmp"));
        ending.Remove(path);
        File.WriteAllText(path, "kept while the puppet runs");
    }

    public static async Task TalkAsync(PuppetOptions options)
    {
        foreach (var text in options.Print)
            await Console.Out.WriteLineAsync(text);
        if (options.NoNewline == 0)
            return;

        var output = Console.OpenStandardOutput();
        await using var _ = output.ConfigureAwait(false);
        var chunk = Encoding.ASCII.GetBytes(new string('x', ChunkSize));
        for (var left = options.NoNewline; left > 0; left -= ChunkSize)
            await output.WriteAsync(chunk.AsMemory(0, (int)Math.Min(left, ChunkSize)), CancellationToken.None);
    }

    public static void CloseOutput(PuppetOptions options)
    {
        if (options.CloseOutput)
            NativeMethods.CloseOutput();
    }

    public static Task LeakAsync(PuppetOptions options, CancellationToken stopping) =>
        LeakAsync(options.LeakMegabytes, stopping);

    /// <param name="megabytes">A second, from now on.</param>
    public static Task LeakAsync(double megabytes, CancellationToken stopping) => EachTickAsync(megabytes * 1024 * 1024, Leak, stopping);

    public static async Task SpamAsync(PuppetOptions options, CancellationToken stopping)
    {
        var line = 0L;
        await EachTickAsync(options.SpamLines, Spam, stopping);

        void Spam(long count)
        {
            var text = new StringBuilder();
            for (var written = 0L; written < count; written++)
                text.Append(CultureInfo.InvariantCulture, $"line {++line} of many that say nothing\n");
            Console.Out.Write(text.ToString());
        }
    }

    // Touched, or the kernel would give no memory for it.
    private static unsafe void Leak(long bytes) => NativeMemory.Fill(NativeMemory.Alloc((nuint)bytes), (nuint)bytes, 1);

    private static async Task EachTickAsync(double perSecond, Action<long> act, CancellationToken stopping)
    {
        if (perSecond <= 0)
            return;

        using var timer = new PeriodicTimer(Tick);
        var owed = 0.0;
        while (!stopping.IsCancellationRequested && await NextAsync(timer, stopping))
        {
            owed += perSecond * Tick.TotalSeconds;
            act((long)owed);
            owed -= (long)owed;
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            // The puppet ends.
            return false;
        }
    }
}
