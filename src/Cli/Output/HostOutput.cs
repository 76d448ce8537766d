using StreamJsonRpc;
using Supervisor.Cli.Connection;

namespace Supervisor.Cli.Output;

/// <summary>Reads one service's output from its host, to which the parent introduces us. Not thread-safe: its follower owns it.</summary>
internal sealed class HostOutput(ControlLink link, string service, TimeProvider time)
{
    /// <summary>As many lines as a page may hold.</summary>
    public const int PageLines = 1_000;

    private const int LongPollMs = 20_000;
    private static readonly TimeSpan ConnectDeadline = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(300);

    private DateTimeOffset _lastAt = DateTimeOffset.MinValue;
    private long _lastNumber;

    /// <summary>Gives only what is younger than this.</summary>
    public void SkipUntil(DateTimeOffset at) => (_lastAt, _lastNumber) = (at, long.MaxValue);

    /// <summary>The newest lines that the host still holds; null when there is no host to ask.</summary>
    public async Task<LogPage?> NewestAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var host = await HostLink.OpenAsync(link, service, ConnectDeadline, time, cancellationToken);
            return await host.ReadAsync(after: null, PageLines, waitMs: 0, cancellationToken);
        }
        catch (Exception e) when (IsGone(e))
        {
            return null;
        }
    }

    /// <summary>Every line from now on, also over the host's death and replacement. Ends with <paramref name="stopping"/> only.</summary>
    public async Task FollowAsync(Func<LogPage, Task> show, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await FollowThisHostAsync(show, stopping);
            }
            catch (Exception e) when (IsGone(e))
            {
                // The host is being replaced, or the tree is going: the next introduction tells.
            }

            await Task.Delay(BetweenTries, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowThisHostAsync(Func<LogPage, Task> show, CancellationToken stopping)
    {
        await using var host = await HostLink.OpenAsync(link, service, ConnectDeadline, time, stopping);
        var page = await host.ReadAsync(after: null, PageLines, waitMs: 0, stopping);

        // Line numbers begin again with a new host; the time of the last line shown tells what of this page is new in either case.
        page = page with { Lines = [.. page.Lines.Where(IsNew)], Dropped = 0 };

        while (true)
        {
            if (page.Lines.Count > 0 || page.Dropped > 0)
                await show(page);

            if (page.Lines.Count > 0)
                (_lastAt, _lastNumber) = (page.Lines[^1].At, page.Lines[^1].Number);

            page = await host.ReadAsync(page.Next, PageLines, LongPollMs, stopping);
        }
    }

    private bool IsNew(LogLine line) => line.At > _lastAt || (line.At == _lastAt && line.Number > _lastNumber);

    private static bool IsGone(Exception e) => e is PipeUnavailableException or LinkEndedException or RemoteRpcException or CommandFailure;
}
