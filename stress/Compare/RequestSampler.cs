using Supervisor.Stress.Project;

namespace Supervisor.Stress.Compare;

/// <summary>Requests one service's page repeatedly, each time on a new connection, and records the results. Thread-safe.</summary>
internal sealed class RequestSampler : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    // A kept-alive connection would fail once for each restart of its server, whichever tool restarts it.
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero })
    {
        Timeout = TimeSpan.FromSeconds(5),
    };

    private readonly CancellationTokenSource _ending = new();
    private readonly List<Sample> _samples = [];
    private readonly Func<TimeSpan> _now;
    private Answer? _newest;
    private readonly Task _requests;

    public RequestSampler(ProjectService service, Func<TimeSpan> now)
    {
        Service = service;
        _now = now;
        _requests = AskAsync();
    }

    public ProjectService Service { get; }

    public IReadOnlyList<Sample> Samples
    {
        get
        {
            lock (_samples)
                return [.. _samples];
        }
    }

    /// <summary>The newest answer; null: the last request failed, or there was none yet.</summary>
    public Answer? Newest
    {
        get
        {
            lock (_samples)
                return _newest;
        }
    }

    /// <summary>Removes all samples, before the next phase.</summary>
    public void Clear()
    {
        lock (_samples)
            _samples.Clear();
    }

    public async Task<string?> ManifestAsync()
    {
        try
        {
            return await _http.GetStringAsync(new Uri(Service.Address, "manifest"), _ending.Token);
        }
        catch (Exception failed) when (failed is HttpRequestException or OperationCanceledException)
        {
            return null; // No answer: null says so.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _requests;
        _ending.Dispose();
        _http.Dispose();
    }

    private async Task AskAsync()
    {
        using var pause = new PeriodicTimer(Pause);
        while (!_ending.IsCancellationRequested)
        {
            var sent = _now();
            var answer = await TryAskAsync();
            if (_ending.IsCancellationRequested)
                return;

            Keep(new Sample(sent, _now(), answer));
            await pause.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private void Keep(Sample sample)
    {
        lock (_samples)
        {
            _samples.Add(sample); // Twenty a second for a few minutes.
            _newest = sample.Answer;
        }
    }

    private async Task<Answer?> TryAskAsync()
    {
        try
        {
            return Answer.Parse(await _http.GetStringAsync(Service.Address, _ending.Token));
        }
        catch (Exception failed) when (failed is HttpRequestException or OperationCanceledException)
        {
            return null; // Refused, reset or too slow: recorded as a failed sample.
        }
    }
}
