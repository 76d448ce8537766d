namespace Supervisor.Wire.Pipes;

/// <summary>
/// Keeps a pipe reachable after somebody has emptied its folder: a logout removes the user's runtime folder, a cleaner removes what is old in /tmp.
/// </summary>
/// <param name="restored">
/// Called after the pipe has been bound anew, for the files that belong beside it. Where it throws, it is called again at the next look.
/// </param>
/// <param name="failed">Gets the reason, once for each.</param>
public sealed class NameKeeper(PipeListener listener, Action restored, Action<string> failed, TimeProvider time)
{
    /// <summary>One look costs one system call.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    private bool _isOwed;
    private string? _told;

    /// <summary>Returns when stopped.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(CommonMoments.UntilNext(Period, time), time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            if (!stopping.IsCancellationRequested)
                Look();
        }
    }

    private void Look()
    {
        try
        {
            _isOwed |= listener.Restore();

            if (_isOwed)
                restored();

            _isOwed = false;
            _told = null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The place of the folder is gone too; the next login makes it again.
            if (failure.Message != _told)
                failed(_told = failure.Message);
        }
    }
}
