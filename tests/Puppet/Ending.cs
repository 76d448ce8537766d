using System.Runtime.InteropServices;

namespace Supervisor.Puppet;

/// <summary>Everything that ends the puppet: its own time, its time to live, SIGTERM and SIGINT unless ignored.</summary>
internal sealed class Ending : IDisposable
{
    private const int Kill = 9;

    private readonly TaskCompletionSource<int> _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _requested = new();
    private readonly List<IDisposable> _held = [];
    private string? _tempFile;

    public Ending(PuppetOptions options)
    {
        _held.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Asked(signal, options.IgnoreSigterm)));
        _held.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Asked(signal, options.IgnoreSigterm)));

        // Whatever it hangs in (a pipe that nobody reads): a puppet outlives its test by no more than this.
        At(options.TimeToLive, () => NativeMethods.DieBy(Kill));

        if (options.DieBy is { } dying)
            At(options.ExitAfter ?? TimeSpan.Zero, () => NativeMethods.DieBy(dying));
        else if (options.ExitAfter is { } after)
            At(after, () => Reach(options.ExitCode));
    }

    public Task<int> Reached => _reached.Task;

    public CancellationToken Requested => _requested.Token;

    public void Remove(string tempFile) => _tempFile = tempFile;

    public void Dispose()
    {
        foreach (var held in _held)
            held.Dispose();
        _requested.Dispose();
    }

    private void Asked(PosixSignalContext signal, bool ignored)
    {
        signal.Cancel = true;
        if (!ignored)
            Reach(0);
    }

    private void At(TimeSpan after, Action act) =>
        _held.Add(TimeProvider.System.CreateTimer(_ => act(), state: null, after, Timeout.InfiniteTimeSpan));

    private void Reach(int code)
    {
        if (!_reached.TrySetResult(code))
            return;

        if (_tempFile is not null)
            File.Delete(_tempFile);
        _requested.Cancel();
    }
}
