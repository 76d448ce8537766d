using System.IO.Pipelines;

namespace Supervisor.Host.Output;

/// <summary>Serves the output channel of one viewer: takes from the ring what there is whenever the viewer has room for it. The ring waits for nobody.</summary>
internal sealed class OutputFollower(OutputRing ring)
{
    private readonly LineHead _head = new();
    private long _after;

    public async Task RunAsync(IDuplexPipe channel, CancellationToken ended)
    {
        while (true)
        {
            if (!ring.TryCopy(ref _after, _head, channel.Output, out var arrival))
                await arrival.WaitAsync(ended);
            else if ((await channel.Output.FlushAsync(ended)).IsCompleted)
                await Task.Delay(Timeout.InfiniteTimeSpan, ended);
        }
    }
}
