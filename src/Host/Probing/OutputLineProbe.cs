using System.Text;
using System.Text.RegularExpressions;
using Supervisor.Host.Output;
using Supervisor.Supervision;

namespace Supervisor.Host.Probing;

/// <summary>Ready once a line of the server's output matches. Subscribes before the server is spawned, so it misses no line.</summary>
internal sealed class OutputLineProbe : IProbe, IDisposable
{
    /// <summary>
    /// A pattern that backtracks without end would block the thread that reads the server's output. This is wall-clock time, so it must be long enough for
    /// a valid pattern on a busy machine.
    /// </summary>
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(2);

    private readonly OutputStore _store;
    private readonly Regex _pattern;
    private readonly TaskCompletionSource _matched = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public OutputLineProbe(string pattern, OutputStore store)
    {
        WaitsFor = $"no line of output matches \"{pattern}\"";
        _pattern = new Regex(pattern, RegexOptions.CultureInvariant, MatchTimeout);
        _store = store;
        _store.Subscribe(Match);
    }

    public string? WaitsFor { get; }

    public bool HasCome => _matched.Task.IsCompleted;

    /// <summary>It waits for a line instead of asking, as long as the server has to become ready.</summary>
    public TimeSpan AttemptTimeout => Timeout.InfiniteTimeSpan;

    public async Task<string?> AttemptAsync(CancellationToken cancellationToken)
    {
        await _matched.Task.WaitAsync(cancellationToken);
        return null;
    }

    /// <summary>May be called late: the next server's probe may already be subscribed.</summary>
    public void Dispose() => _store.Unsubscribe(Match);

    private void Match(ReadOnlyMemory<byte> line)
    {
        try
        {
            if (!Matches(Encoding.UTF8.GetString(line.Span)))
                return;
        }
        catch (RegexMatchTimeoutException)
        {
            // The pattern took too long for this line, which counts as no match.
            return;
        }

        _store.Unsubscribe(Match);
        _matched.TrySetResult();
    }

    /// <summary>As it was written, or as it is read: many servers colour parts of the line.</summary>
    private bool Matches(string line) => _pattern.IsMatch(line) || (line.Contains('\e', StringComparison.Ordinal) && _pattern.IsMatch(OutputText.Plain(line)));
}
