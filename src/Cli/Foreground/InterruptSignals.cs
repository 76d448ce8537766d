using System.Runtime.InteropServices;
using System.Threading.Channels;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Foreground;

/// <summary>
/// SIGINT, SIGTERM and SIGHUP as a stream of stop requests instead of the end of the process. Output that nobody reads any more counts as a SIGHUP: after
/// <c>start | head</c> there is no terminal whose end would say it. Disposed at the end of the run.
/// </summary>
internal sealed class InterruptSignals : IDisposable
{
    // Full means that Ctrl-C is held down: more than three signals have no further meaning.
    private readonly Channel<PosixSignal> _arrived = Channel.CreateBounded<PosixSignal>(
        new BoundedChannelOptions(capacity: 3) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly PosixSignalRegistration[] _registrations;
    private readonly CancellationTokenRegistration _readerGone;

    public InterruptSignals(OutputReader reader)
    {
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(s => PosixSignalRegistration.Create(s, OnSignal))];
        _readerGone = reader.WhenGone(() => _arrived.Writer.TryWrite(PosixSignal.SIGHUP));
    }

    public ChannelReader<PosixSignal> Arrived => _arrived.Reader;

    public void Dispose()
    {
        _readerGone.Dispose();

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
