using System.Text;
using Supervisor.Host.Terminals;

namespace Supervisor.Unit.Host;

/// <summary>The newest output of a terminal, and where the last screen begins.</summary>
public sealed class TerminalHistorySpecs
{
    private readonly TerminalHistory _history = new();

    [Theory]
    [InlineData("", 3, "")]
    [InlineData("one", 3, "one")]
    [InlineData("1\n2\n3\n4\n", 2, "3\n4\n")]
    [InlineData("1\n2\n3\n4\n> ", 2, "4\n> ")]
    [InlineData("1\n2\n", 2, "1\n2\n")]
    [InlineData("1\n\n\n", 2, "\n\n")]
    public void The_last_lines_are_whole_and_the_open_one_counts(string output, int lines, string last)
    {
        Write(output);

        From(_history.StartOfLast(lines)).Should().Be(last);
    }

    [Fact]
    public void The_newest_bytes_are_kept_and_the_oldest_begin_with_a_line()
    {
        for (var line = 0; line < 50_000; line++)
            Write($"line {line}\r\n");

        _history.Start.Should().Be(_history.End - TerminalHistory.Capacity);
        var kept = From(_history.StartOfLast(int.MaxValue));

        kept.Should().StartWith("line ").And.EndWith("line 49999\r\n");
        kept.Length.Should().BeInRange(TerminalHistory.Capacity - 20, TerminalHistory.Capacity);
    }

    [Fact]
    public void A_line_longer_than_all_that_is_kept_is_left_out()
    {
        Write(new string('x', TerminalHistory.Capacity + 10));

        From(_history.StartOfLast(24)).Should().BeEmpty();
    }

    private void Write(string text) => _history.Write(Encoding.ASCII.GetBytes(text));

    private string From(long position)
    {
        var text = new StringBuilder();

        for (; position < _history.End; position += _history.From(position).Length)
            text.Append(Encoding.ASCII.GetString(_history.From(position)));

        return text.ToString();
    }
}
