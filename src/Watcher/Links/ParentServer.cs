using System.Runtime.Versioning;
using Supervisor.Wire.Pipes;

namespace Supervisor.Watcher.Links;

/// <summary>Waits for the parent to dial and serves that one link; whoever dials besides is turned away.</summary>
[SupportedOSPlatform("linux")]
internal sealed class ParentServer(PipeListener listener, Log log, TimeProvider time)
{
    // A parent dials the child that it has just started. One that died before that never will.
    private static readonly TimeSpan DialDeadline = TimeSpan.FromSeconds(20);

    private readonly TaskCompletionSource<int> _exitCode = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _links;

    /// <summary>Returns the exit code once the link has ended, or when stopped.</summary>
    public async Task<int> RunAsync(CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var undialled = time.CreateTimer(_ => GiveUpUnlessDialled(), state: null, DialDeadline, Timeout.InfiniteTimeSpan);
        listener.ServeFailed = exception => _exitCode.TrySetException(exception);
        var listening = listener.RunAsync(ServeAsync, ending.Token);

        // Stopped: the link ends in order, if there is one.
        await Task.WhenAny(_exitCode.Task, listening);
        await ending.CancelAsync();
        await listening;
        _exitCode.TrySetResult((int)ExitCode.Ok);
        return await _exitCode.Task;
    }

    private async Task ServeAsync(Stream stream, PeerCredentials peer, CancellationToken stopping)
    {
        if (Interlocked.Increment(ref _links) > 1)
            return;

        await using var link = new ParentLink(stream, log, time);
        _exitCode.TrySetResult(await link.RunAsync(stopping));
    }

    private void GiveUpUnlessDialled()
    {
        if (Volatile.Read(ref _links) == 0)
            _exitCode.TrySetResult((int)ExitCode.Failed);
    }
}
