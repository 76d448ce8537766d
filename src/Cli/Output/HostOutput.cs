using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using StreamJsonRpc;
using Supervisor.Cli.Connection;

namespace Supervisor.Cli.Output;

/// <summary>Reads one service's output from its host, to which the parent introduces us. Not thread-safe: its follower owns it.</summary>
internal sealed class HostOutput(ControlLink link, string service, TimeProvider time)
{
    /// <summary>As many lines as a page may hold.</summary>
    public const int PageLines = 1_000;

    /// <summary>Shown at a time, so that whoever shows holds no more.</summary>
    private const int MostBytes = 128 * 1024;

    private static readonly TimeSpan ConnectDeadline = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(300);

    // The time of the last line shown, as in the lines, and its number in its host. Line numbers begin again with a new host; the time tells what is new.
    private readonly byte[] _lastStamp = new byte[OutputLine.StampLength];
    private long _lastNumber;
    private byte[] _block = [];

    /// <summary>Gives only what is younger than this.</summary>
    /// <param name="number">Of the line at that time that is the last one not to be given.</param>
    public void SkipUntil(DateTimeOffset at, long number = long.MaxValue)
    {
        at.UtcDateTime.TryFormat(_lastStamp, out _, OutputLine.StampFormat, CultureInfo.InvariantCulture);
        _lastNumber = number;
    }

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
    public async Task FollowAsync(OutputView view, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await FollowThisHostAsync(view, stopping);
            }
            catch (Exception e) when (IsGone(e))
            {
                // The host is being replaced, or the tree is going: the next introduction tells.
            }

            await Task.Delay(BetweenTries, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowThisHostAsync(OutputView view, CancellationToken stopping)
    {
        await using var host = await HostLink.OpenAsync(link, service, ConnectDeadline, time, stopping);
        var output = await host.OpenOutputAsync(stopping);
        var place = new Place();

        while (true)
        {
            var read = await output.ReadAsync(stopping);
            var taken = Take(read.Buffer, place, view);
            await view.FlushAsync();
            output.AdvanceTo(read.Buffer.GetPosition(taken), taken == 0 ? read.Buffer.End : read.Buffer.GetPosition(taken));

            if (read.IsCompleted && taken == 0)
                return;
        }
    }

    /// <summary>Whole lines only.</summary>
    /// <returns>How many bytes they are.</returns>
    private int Take(ReadOnlySequence<byte> received, Place place, OutputView view)
    {
        var count = (int)Math.Min(received.Length, MostBytes);

        if (_block.Length < count)
            _block = new byte[count];

        received.Slice(0, count).CopyTo(_block);
        var whole = _block.AsSpan(0, _block.AsSpan(0, count).LastIndexOf((byte)'\n') + 1);
        ReadOnlySpan<byte> rest = whole;

        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)'\n');

            if (OutputLine.TryParse(rest[..end], out var line))
                Take(line, place, view, isLast: end + 1 == rest.Length);

            rest = rest[(end + 1)..];
        }

        return whole.Length;
    }

    private void Take(in OutputLine line, Place place, OutputView view, bool isLast)
    {
        if (line.Stream.SequenceEqual("missed"u8))
        {
            var lines = Utf8Parser.TryParse(line.Text, out long parsed, out _) ? parsed : 0;

            // What this host had given up before we came is no loss of ours.
            if (place.Number > 0)
                view.AddMissed(lines);

            place.Number += lines;
            return;
        }

        place.Number++;
        place.IsNew = place.IsNew || IsNew(line, place.Number);

        if (!place.IsNew)
            return;

        view.Add(line);

        if (isLast)
        {
            line.Stamp.CopyTo(_lastStamp);
            _lastNumber = place.Number;
        }
    }

    private bool IsNew(in OutputLine line, long number) => line.Stamp.SequenceCompareTo(_lastStamp) switch
    {
        0 => number > _lastNumber,
        var order => order > 0,
    };

    private static bool IsGone(Exception e) => e is PipeUnavailableException or LinkEndedException or RemoteRpcException or CommandFailure;

    /// <summary>Where we are in the output of one host.</summary>
    private sealed class Place
    {
        public long Number { get; set; }

        public bool IsNew { get; set; }
    }
}
