using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.IO.Pipelines;
using StreamJsonRpc;
using Supervisor.Cli.Connection;

namespace Supervisor.Cli.Output;

/// <summary>Reads the output of one service from its host, whose pipe the parent names. Not thread-safe: its follower owns it.</summary>
internal sealed class HostOutput(ControlLink link, string service, TimeProvider time)
{
    /// <summary>The largest number of lines of one page.</summary>
    private const int PageLines = 1_000;

    /// <summary>The most that is shown at a time; this bounds the memory of the view.</summary>
    private const int MaxBytes = 128 * 1024;

    private static readonly TimeSpan ConnectDeadline = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan OpenLinePatience = TimeSpan.FromMilliseconds(500);

    // Time of the last line shown, as in the line itself, and its number in its host. A new host numbers its lines from 1, so the time decides what is new.
    private readonly byte[] _lastStamp = new byte[OutputLine.StampLength];
    private long _lastNumber;
    private byte[] _block = [];

    /// <summary>Skips all lines up to this time.</summary>
    /// <param name="number">Number of the last line of that time to skip.</param>
    public void SkipUntil(DateTimeOffset at, long number = long.MaxValue)
    {
        at.UtcDateTime.TryFormat(_lastStamp, out _, OutputLine.StampFormat, CultureInfo.InvariantCulture);
        _lastNumber = number;
    }

    /// <summary>The newest lines that the host still holds, without a gap, oldest first; empty: it has none, or no host answers.</summary>
    /// <param name="isEnough">Asked about the first page; otherwise the rest follows.</param>
    public async Task<IReadOnlyList<LogLine>> HeldAsync(Func<IReadOnlyList<LogLine>, bool> isEnough, CancellationToken cancellationToken)
    {
        try
        {
            await using var host = await HostLink.OpenAsync(link, service, ConnectDeadline, time, cancellationToken);
            var newest = (await host.ReadAsync(after: null, PageLines, waitMs: 0, cancellationToken)).Lines;
            return newest.Count == 0 || isEnough(newest) ? newest : [.. await HeldBeforeAsync(host, newest[0].Number, cancellationToken), .. newest];
        }
        catch (Exception e) when (IsDisconnect(e))
        {
            return [];
        }
    }

    private static async Task<List<LogLine>> HeldBeforeAsync(HostLink host, long end, CancellationToken cancellationToken)
    {
        var older = new List<LogLine>();

        for (long after = 0; after < end - 1;)
        {
            var page = await host.ReadAsync(after, last: 0, waitMs: 0, cancellationToken);

            // The server prints faster than we read: what the host no longer holds is in the log files, and so is all before it.
            if (page.Dropped > 0)
                older.Clear();

            older.AddRange(page.Lines.TakeWhile(line => line.Number < end));
            after = page.Lines.Count > 0 ? page.Next : end;
        }

        return older;
    }

    /// <summary>Every line from now on, across the death and replacement of the host. Ends only with <paramref name="stopping"/>.</summary>
    public async Task FollowAsync(OutputView view, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await FollowThisHostAsync(view, stopping);
            }
            catch (Exception e) when (IsDisconnect(e))
            {
                // The host is being replaced, or the tree is stopping: the next attempt shows which.
            }

            view.EndLines();
            await view.FlushAsync();
            await Task.Delay(RetryInterval, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowThisHostAsync(OutputView view, CancellationToken stopping)
    {
        await using var host = await HostLink.OpenAsync(link, service, ConnectDeadline, time, stopping);
        var output = await host.OpenOutputAsync(stopping);
        var position = new Position();

        while (true)
        {
            var read = await ReadAsync(output, view, stopping);
            var taken = Take(read.Buffer, position, view);
            await view.FlushAsync();
            output.AdvanceTo(read.Buffer.GetPosition(taken), taken == 0 ? read.Buffer.End : read.Buffer.GetPosition(taken));

            if (read.IsCompleted && taken == 0)
                return;
        }
    }

    /// <summary>What a line has so far is shown when its rest does not come.</summary>
    private async Task<ReadResult> ReadAsync(PipeReader output, OutputView view, CancellationToken stopping)
    {
        var reading = output.ReadAsync(stopping).AsTask();

        if (view.HasOpenLine && !await EndsSoonAsync(reading, stopping))
        {
            view.EndLines();
            await view.FlushAsync();
        }

        return await reading;
    }

    private async Task<bool> EndsSoonAsync(Task reading, CancellationToken stopping)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var first = await Task.WhenAny(reading, Task.Delay(OpenLinePatience, time, ended.Token));
        await ended.CancelAsync();
        return first == reading;
    }

    /// <summary>Whole lines only.</summary>
    /// <returns>How many bytes they are.</returns>
    private int Take(ReadOnlySequence<byte> received, Position position, OutputView view)
    {
        var count = (int)Math.Min(received.Length, MaxBytes);

        if (_block.Length < count)
            _block = new byte[count];

        received.Slice(0, count).CopyTo(_block);
        var whole = _block.AsSpan(0, _block.AsSpan(0, count).LastIndexOf((byte)'\n') + 1);
        ReadOnlySpan<byte> rest = whole;

        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)'\n');

            if (OutputLine.TryParse(rest[..end], out var line))
                Take(line, position, view, isLast: end + 1 == rest.Length);

            rest = rest[(end + 1)..];
        }

        return whole.Length;
    }

    private void Take(in OutputLine line, Position position, OutputView view, bool isLast)
    {
        if (line.Stream.SequenceEqual("missed"u8))
        {
            var lines = Utf8Parser.TryParse(line.Text, out long parsed, out _) ? parsed : 0;

            // Lines that this host dropped before the first one that was to be shown are not reported as missed.
            var unseen = position.Number > 0 ? lines : _lastNumber > 0 ? lines - _lastNumber : 0;

            if (unseen > 0)
                view.AddMissed(unseen);

            position.Number += lines;
            return;
        }

        position.Number++;
        position.IsNew = position.IsNew || IsNew(line, position.Number);

        if (!position.IsNew)
            return;

        view.Add(line);

        if (isLast)
        {
            line.Stamp.CopyTo(_lastStamp);
            _lastNumber = position.Number;
        }
    }

    private bool IsNew(in OutputLine line, long number) => line.Stamp.SequenceCompareTo(_lastStamp) switch
    {
        0 => number > _lastNumber,
        var order => order > 0,
    };

    private static bool IsDisconnect(Exception e) => e is PipeUnavailableException or LinkEndedException or RemoteRpcException or CommandFailure;

    /// <summary>The read position in the output of one host.</summary>
    private sealed class Position
    {
        public long Number { get; set; }

        public bool IsNew { get; set; }
    }
}
