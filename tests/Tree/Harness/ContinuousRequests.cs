namespace Supervisor.Tree.Harness;

/// <summary>Requests the page of a service continuously during the test, and keeps every failure.</summary>
internal sealed class ContinuousRequests : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly List<string> _failures = [];
    private readonly Task _asking;
    private int _made;

    public ContinuousRequests(TestService service) => _asking = AskAsync(service);

    public int Made => Volatile.Read(ref _made);

    public IReadOnlyList<string> Failures
    {
        get
        {
            lock (_failures)
                return [.. _failures];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _asking;
        _ending.Dispose();
    }

    private async Task AskAsync(TestService service)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                await service.ServedAsync();
            }
            catch (Exception failed) when (failed is HttpRequestException or TaskCanceledException)
            {
                lock (_failures)
                    _failures.Add($"{Made}: {failed.Message}");
            }

            Interlocked.Increment(ref _made);
            await pause.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
