using System.IO.Pipelines;

namespace Supervisor.Host.Output;

/// <summary>Serves the output channel of one viewer: copies lines from the ring when the viewer can take them. The ring never waits.</summary>
internal sealed class OutputFollower(OutputRing ring)
{
    private readonly LinePrefix _prefix = new();
    private long _after;

    public async Task RunAsync(IDuplexPipe channel, CancellationToken ended)
    {
        while (true)
        {
            if (!ring.TryCopy(ref _after, _prefix, channel.Output, out var arrival))
                await arrival.WaitAsync(ended);
            else if ((await channel.Output.FlushAsync(ended)).IsCompleted)
                await Task.Delay(Timeout.InfiniteTimeSpan, ended);
        }
    }
}
