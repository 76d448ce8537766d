using System.Text;
using Supervisor.Host.Output;

namespace Supervisor.Unit.Host;

public sealed class OutputRingSpecs
{
    private readonly VirtualTime _time = new();
    private readonly OutputRing _ring;

    public OutputRingSpecs() => _ring = new OutputRing(_time);

    [Fact]
    public async Task The_first_page_has_the_last_lines_and_the_next_page_continues_there()
    {
        Write("one", "two", "three");

        var page = await ReadAsync(new LogQuery(After: null, Last: 2, WaitMs: 0));
        page.Lines.Select(line => line.Text).Should().Equal("two", "three");

        Write("four");
        var next = await ReadAsync(new LogQuery(page.Next, Last: 0, WaitMs: 0));
        next.Lines.Select(line => (line.Number, line.Text)).Should().Equal((4, "four"));
        next.Dropped.Should().Be(0);
    }

    [Fact]
    public async Task A_slow_reader_gets_the_number_of_missed_lines()
    {
        for (var line = 1; line <= OutputRing.MaxLines + 500; line++)
            Write($"{line}");

        var page = await ReadAsync(new LogQuery(After: 100, Last: 0, WaitMs: 0));

        page.Dropped.Should().Be(400);
        page.Lines.Should().HaveCount(1_000);
        page.Lines[0].Text.Should().Be("501");
    }

    [Fact]
    public async Task A_reader_waits_for_the_next_line()
    {
        var reading = ReadAsync(new LogQuery(After: 0, Last: 0, WaitMs: 30_000));
        reading.IsCompleted.Should().BeFalse();

        Write("at last");

        (await reading).Lines.Should().ContainSingle().Which.Text.Should().Be("at last");
    }

    [Fact]
    public async Task A_reader_gets_an_empty_page_when_its_wait_ends()
    {
        var reading = ReadAsync(new LogQuery(After: 0, Last: 0, WaitMs: 30_000));
        await _time.ArmedAsync();
        _time.Advance(TimeSpan.FromSeconds(30));

        (await reading).Lines.Should().BeEmpty();
    }

    [Fact]
    public async Task Long_lines_displace_old_ones_and_stay_whole_across_the_end_of_the_ring()
    {
        var lines = Enumerable.Range(0, 100).Select(number => new string((char)('a' + number % 26), 60_000)).ToList();

        foreach (var line in lines)
            Write(line);

        var page = await ReadAsync(new LogQuery(After: null, Last: 1, WaitMs: 0));
        page.Lines.Should().ContainSingle().Which.Text.Should().Be(lines[^1]);

        var rest = await ReadAsync(new LogQuery(After: 0, Last: 0, WaitMs: 0));
        rest.Dropped.Should().Be(100 - OutputRing.Capacity / 60_000);
        rest.Lines.Should().HaveCount(2, "a page must fit into a message");
        rest.Lines[0].Text.Should().Be(lines[(int)rest.Dropped]);
    }

    [Fact]
    public async Task The_last_lines_that_do_not_fit_into_a_page_are_the_newest()
    {
        for (var line = 1; line <= 100; line++)
            Write($"{line} {new string('x', 2_000)}");

        var page = await ReadAsync(new LogQuery(After: null, Last: 100, WaitMs: 0));

        page.Lines.Select(line => line.Number).Should().BeInAscendingOrder().And.EndWith(100).And.HaveCountGreaterThan(60);
        (page.Next, page.Dropped).Should().Be((100, 0));
    }

    [Fact]
    public async Task A_line_number_of_an_earlier_host_returns_all_lines()
    {
        Write("new");

        (await ReadAsync(new LogQuery(After: 9_999, Last: 0, WaitMs: 0))).Lines.Should().ContainSingle();
    }

    [Fact]
    public async Task Invalid_bytes_are_replaced_for_viewers()
    {
        _ring.Write(_time.GetUtcNow(), OutputStream.Stderr, [0xFF, (byte)'a'], partial: true);

        (await ReadAsync(new LogQuery(null, 1, 0))).Lines.Should().ContainSingle()
            .Which.Should().Match<LogLine>(line => line.Text == "\uFFFDa" && line.Partial && line.Stream == "stderr");
    }

    private void Write(params string[] lines)
    {
        foreach (var line in lines)
            _ring.Write(_time.GetUtcNow(), OutputStream.Stdout, Encoding.UTF8.GetBytes(line), partial: false);
    }

    private Task<LogPage> ReadAsync(LogQuery query) => _ring.ReadAsync(query, CancellationToken.None);
}
