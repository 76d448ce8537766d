namespace Supervisor.Client;

/// <summary>A token that is cancelled when the time is over or when another token is cancelled, and can tell which.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _either;

    public Deadline(TimeSpan within, TimeProvider time, CancellationToken cancellationToken)
    {
        _timer = new CancellationTokenSource(within, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, cancellationToken);
    }

    public CancellationToken Token => _either.Token;

    public bool HasPassed => _timer.IsCancellationRequested;

    public void Dispose()
    {
        _either.Dispose();
        _timer.Dispose();
    }
}
