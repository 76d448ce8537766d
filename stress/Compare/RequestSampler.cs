using Supervisor.Stress.Project;

namespace Supervisor.Stress.Compare;

/// <summary>Asks one service for its page again and again, each time on a new connection, and keeps what came of it. Thread-safe.</summary>
internal sealed class RequestSampler : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    // A connection that is kept open would fail with its old server once for each restart, whoever restarts it.
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero })
    {
        Timeout = TimeSpan.FromSeconds(5),
    };

    private readonly CancellationTokenSource _ending = new();
    private readonly List<Sample> _samples = [];
    private readonly Func<TimeSpan> _now;
    private Answer? _newest;
    private readonly Task _sampling;

    public RequestSampler(ProjectService service, Func<TimeSpan> now)
    {
        Service = service;
        _now = now;
        _sampling = AskAsync();
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

    /// <summary>The newest answer; null: the last request failed, or none was made yet.</summary>
    public Answer? Newest
    {
        get
        {
            lock (_samples)
                return _newest;
        }
    }

    /// <summary>Forgets what was: the next act begins.</summary>
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
            return null; // Nobody answers: that is the answer.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _sampling;
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
            _samples.Add(sample); // Twenty a second for the few minutes of a turn.
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
            return null; // Refused, reset or too slow: a sample like any other.
        }
    }
}
