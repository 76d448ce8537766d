using System.IO.Pipelines;
using System.Text;
using Supervisor.Host.Output;

namespace Supervisor.Unit.Host;

/// <summary>What a viewer reads on an output channel.</summary>
public sealed class OutputFollowerSpecs : IAsyncDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, 123, 456, TimeSpan.Zero);

    private readonly OutputRing _ring = new(new VirtualTime());
    private readonly CancellationTokenSource _ended = new();
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024));
    private Task _following = Task.CompletedTask;

    [Fact]
    public async Task A_viewer_gets_old_and_new_lines_in_the_log_files_format()
    {
        Write("old");
        Follow();
        (await LinesAsync(1)).Should().Equal("2026-11-21T12:00:00.123456Z stdout F old");

        _ring.Write(Noon, OutputStream.Stderr, [0xff, 0xfe], partial: true);
        (await LinesAsync(1)).Single().Should().StartWith("2026-11-21T12:00:00.123456Z stderr P ");
    }

    [Fact]
    public async Task A_stalled_viewer_does_not_block_the_ring_and_gets_the_number_of_missed_lines()
    {
        Follow();
        const int Written = 50_000;

        for (var i = 1; i <= Written; i++)
            Write($"{i} {new string('x', 100)}");

        Write("the end");
        var (shown, missed, numbers) = (0L, 0L, new List<long>());

        while (true)
        {
            foreach (var line in await LinesAsync(1))
            {
                var parts = line.Split(' ');

                if (parts[1] == "missed")
                    missed += long.Parse(parts[3]);
                else
                    shown++;

                if (line.EndsWith("the end", StringComparison.Ordinal))
                {
                    (shown + missed).Should().Be(Written + 1);
                    missed.Should().BePositive();
                    numbers.Should().BeInAscendingOrder();
                    return;
                }

                if (parts[1] != "missed")
                    numbers.Add(long.Parse(parts[3]));
            }
        }
    }

    [Fact]
    public async Task A_line_of_maximum_length_arrives_whole()
    {
        Follow();
        var text = new string('a', LineSplitter.MaxLineLength);

        for (var i = 0; i < 20; i++)
            Write(text);

        (await LinesAsync(1))[^1].Should().EndWith(" F " + text);
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _following.ContinueWith(_ => { }, TaskScheduler.Default);
        _ended.Dispose();
    }

    private void Write(string line) => _ring.Write(Noon, OutputStream.Stdout, Encoding.UTF8.GetBytes(line), partial: false);

    private void Follow() => _following = Task.Run(() => new OutputFollower(_ring).RunAsync(new Duplex(_pipe), _ended.Token));

    private async Task<IReadOnlyList<string>> LinesAsync(int least)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));

        while (true)
        {
            var read = await _pipe.Reader.ReadAsync(deadline.Token);
            var text = Encoding.Latin1.GetString(read.Buffer);
            var whole = text.LastIndexOf('\n') + 1;
            var lines = text[..whole].Split('\n', StringSplitOptions.RemoveEmptyEntries);

            if (lines.Length >= least)
            {
                _pipe.Reader.AdvanceTo(read.Buffer.GetPosition(whole));
                return lines;
            }

            _pipe.Reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private sealed class Duplex(Pipe pipe) : IDuplexPipe
    {
        public PipeReader Input => throw new NotSupportedException();

        public PipeWriter Output => pipe.Writer;
    }
}
