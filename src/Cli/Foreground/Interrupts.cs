using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Supervisor.Cli.Foreground;

/// <summary>Ctrl-C, <c>kill</c> and a closed terminal, as a stream of wishes to stop instead of deaths. Lives as long as the run.</summary>
internal sealed class Interrupts : IDisposable
{
    // Full means that somebody leans on Ctrl-C: three say all there is to say.
    private readonly Channel<PosixSignal> _arrived = Channel.CreateBounded<PosixSignal>(
        new BoundedChannelOptions(capacity: 3) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly PosixSignalRegistration[] _registrations;

    public Interrupts() => _registrations =
        [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(s => PosixSignalRegistration.Create(s, OnSignal))];

    public ChannelReader<PosixSignal> Arrived => _arrived.Reader;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();

        _arrived.Writer.TryComplete();
    }

    private void OnSignal(PosixSignalContext context)
    {
        // Not the default: that would end us before the servers are stopped.
        context.Cancel = true;
        _arrived.Writer.TryWrite(context.Signal);
    }
}
