using System.Text;
using Supervisor.Host.Output;

namespace Supervisor.Unit.Host;

public sealed class OutputRingSpecs
{
    private readonly VirtualTime _time = new();
    private readonly OutputRing _ring;

    public OutputRingSpecs() => _ring = new OutputRing(_time);

    [Fact]
    public async Task The_last_lines_come_first_and_every_further_page_goes_on_from_there()
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
    public async Task A_reader_that_comes_too_late_is_told_how_much_it_missed()
    {
        for (var line = 1; line <= OutputRing.MostLines + 500; line++)
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
    public async Task A_reader_that_waited_in_vain_gets_an_empty_page()
    {
        var reading = ReadAsync(new LogQuery(After: 0, Last: 0, WaitMs: 30_000));
        await _time.ArmedAsync();
        _time.Advance(TimeSpan.FromSeconds(30));

        (await reading).Lines.Should().BeEmpty();
    }

    [Fact]
    public async Task Long_lines_push_old_ones_out_and_come_back_whole_across_the_seam()
    {
        var lines = Enumerable.Range(0, 100).Select(number => new string((char)('a' + number % 26), 60_000)).ToList();

        foreach (var line in lines)
            Write(line);

        var page = await ReadAsync(new LogQuery(After: null, Last: 1, WaitMs: 0));
        page.Lines.Should().ContainSingle().Which.Text.Should().Be(lines[^1]);

        var rest = await ReadAsync(new LogQuery(After: 0, Last: 0, WaitMs: 0));
        rest.Dropped.Should().Be(100 - OutputRing.Capacity / 60_000);
        rest.Lines.Should().HaveCount(2, "a page fits a message");
        rest.Lines[0].Text.Should().Be(lines[(int)rest.Dropped]);
    }

    [Fact]
    public async Task A_number_from_an_earlier_host_starts_again_at_the_beginning()
    {
        Write("new");

        (await ReadAsync(new LogQuery(After: 9_999, Last: 0, WaitMs: 0))).Lines.Should().ContainSingle();
    }

    [Fact]
    public async Task Invalid_bytes_are_replaced_in_what_viewers_see()
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
