using System.Text;
using Supervisor.Host.Output;

namespace Supervisor.Unit.Host;

public sealed class LineSplitterSpecs
{
    private static readonly byte[] Awkward = [.. "héllo\r\n\n"u8, 0, 0xFF, 0xC3, (byte)'\n', .. "\u001b[31mred\u001b[0m\nlast"u8];

    [Fact]
    public void Lines_do_not_depend_on_where_the_reads_end()
    {
        var whole = Split(Awkward);
        whole.Select(line => line.Text).Should().Equal("68C3A96C6C6F0D", "", "00FFC3", "1B5B33316D7265641B5B306D", "6C617374");

        for (var first = 0; first <= Awkward.Length; first++)
        {
            for (var second = first; second <= Awkward.Length; second++)
                Split(Awkward[..first], Awkward[first..second], Awkward[second..]).Should().Equal(whole, "cut at {0} and {1}", first, second);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(64 * 1024)]
    [InlineData(100_000)]
    public void A_very_long_line_is_delivered_in_partial_lines(int readSize)
    {
        var line = Encoding.ASCII.GetBytes(new string('x', LineSplitter.MaxLineLength * 2 + 10) + "\n");

        var pieces = Split([.. line.Chunk(readSize)]);

        pieces.Select(piece => (piece.Text.Length / 2, piece.Partial)).Should().Equal(
            (LineSplitter.MaxLineLength, true), (LineSplitter.MaxLineLength, true), (10, false));
    }

    [Theory]
    [InlineData("one\r\ntwo\r\n")]
    [InlineData("one\r|\ntwo\r\n")]
    [InlineData("one|\r|\ntwo|\r\n")]
    public void A_terminal_ends_its_lines_with_two_bytes(string reads)
    {
        var lines = new List<string>();
        var splitter = new LineSplitter((line, partial) => lines.Add(Encoding.ASCII.GetString(line) + (partial ? "…" : ""))) { IsTerminal = true };

        foreach (var read in reads.Split('|'))
        {
            splitter.Write(Encoding.ASCII.GetBytes(read));
            splitter.Pause();
        }

        string.Join('/', lines).Replace("…/", "", StringComparison.Ordinal).Should().Be("one/two");
    }

    [Fact]
    public void A_line_of_exactly_the_maximum_length_is_whole() =>
        Split(Encoding.ASCII.GetBytes(new string('x', LineSplitter.MaxLineLength) + "\n"))
            .Should().ContainSingle().Which.Partial.Should().BeFalse();

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(1_000_000)]
    public void No_part_of_a_long_line_ends_within_a_letter(int readSize)
    {
        var line = Encoding.UTF8.GetBytes("a" + string.Concat(Enumerable.Repeat("한🎉é", 20_000)));

        var pieces = Split([.. line.Chunk(readSize)]);

        pieces.Should().HaveCount(3);
        string.Concat(pieces.Select(piece => Encoding.UTF8.GetString(Convert.FromHexString(piece.Text)))).Should().Be(Encoding.UTF8.GetString(line));
    }

    [Fact]
    public void Bytes_that_are_no_letters_are_cut_at_the_maximum_length() =>
        Split([.. Enumerable.Repeat((byte)0x80, LineSplitter.MaxLineLength + 1)]).Select(piece => piece.Text.Length / 2).Should().Equal(LineSplitter.MaxLineLength, 1);

    [Fact]
    public void A_pause_delivers_what_the_line_has_but_no_half_letter_and_the_line_ends_later()
    {
        var lines = new List<(string, bool)>();
        var splitter = new LineSplitter((line, partial) => lines.Add((Encoding.UTF8.GetString(line), partial)));

        splitter.Write("whole\nReally? é"u8[..^1]);
        splitter.HasOpenBytes.Should().BeTrue();
        splitter.Pause();
        splitter.Pause();
        splitter.Write("é"u8[1..]);
        splitter.Pause();
        splitter.HasOpenBytes.Should().BeFalse();
        splitter.Finish();

        lines.Should().Equal(("whole", false), ("Really? ", true), ("é", true), ("", false));
    }

    private static List<(string Text, bool Partial)> Split(params byte[][] reads)
    {
        var lines = new List<(string, bool)>();
        var splitter = new LineSplitter((line, partial) => lines.Add((Convert.ToHexString(line), partial)));

        foreach (var read in reads)
            splitter.Write(read);

        splitter.Finish();
        return lines;
    }
}
