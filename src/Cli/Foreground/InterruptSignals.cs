using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Supervisor.Cli.Foreground;

/// <summary>SIGINT, SIGTERM and SIGHUP as a stream of stop requests instead of the end of the process. Disposed at the end of the run.</summary>
internal sealed class InterruptSignals : IDisposable
{
    // Full means that Ctrl-C is held down: more than three signals have no further meaning.
    private readonly Channel<PosixSignal> _arrived = Channel.CreateBounded<PosixSignal>(
        new BoundedChannelOptions(capacity: 3) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly PosixSignalRegistration[] _registrations;

    public InterruptSignals() => _registrations =
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
        // The default action would end this process before the servers are stopped.
        context.Cancel = true;
        _arrived.Writer.TryWrite(context.Signal);
    }
}
