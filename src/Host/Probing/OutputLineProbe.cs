using System.Text;
using System.Text.RegularExpressions;
using Supervisor.Host.Output;

namespace Supervisor.Host.Probing;

/// <summary>Ready once a line of the server's output matches. Listens from before the server runs, so that no line is missed.</summary>
internal sealed class OutputLineProbe : IProbe, IDisposable
{
    /// <summary>
    /// A pattern that needs for ever for one line would hold up the thread that reads the server's output. Wall-clock time, so a busy machine
    /// must not make an honest pattern miss its line.
    /// </summary>
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(2);

    private readonly OutputStore _store;
    private readonly Regex _pattern;
    private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public OutputLineProbe(string pattern, OutputStore store)
    {
        _pattern = new Regex(pattern, RegexOptions.CultureInvariant, MatchTimeout);
        _store = store;
        _store.Listen(Look);
    }

    public bool MayBeRepeated => false;

    /// <summary>It is told, it does not ask: it waits as long as the server has.</summary>
    public TimeSpan AttemptTimeout => Timeout.InfiniteTimeSpan;

    public async Task<string?> AttemptAsync(CancellationToken cancellationToken)
    {
        await _seen.Task.WaitAsync(cancellationToken);
        return null;
    }

    /// <summary>Harmless late: the next server's probe may listen already.</summary>
    public void Dispose() => _store.StopListening(Look);

    private void Look(ReadOnlyMemory<byte> line)
    {
        try
        {
            if (!_pattern.IsMatch(Encoding.UTF8.GetString(line.Span)))
                return;
        }
        catch (RegexMatchTimeoutException)
        {
            // This line cannot be judged in time; it does not count as a match.
            return;
        }

        _store.StopListening(Look);
        _seen.TrySetResult();
    }
}
