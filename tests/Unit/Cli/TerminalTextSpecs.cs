using System.Buffers;
using System.Text;
using Supervisor.Cli.Output;

namespace Supervisor.Unit.Cli;

/// <summary>What a server may do to a terminal that it shares with others.</summary>
public sealed class TerminalTextSpecs
{
    [Theory]
    [InlineData("plain text,\ttabs, 한글 é © ✓ 🎉")]
    [InlineData("\e[31mred\e[0m \e[1;38;5;208mbold\e[m \e[4:3;58:2::255:0:0mcurly\e[0m")]
    public void Text_and_colours_pass(string text) => Shown(text).Should().Be(text);

    [Theory]
    [InlineData("clear screen", "\e[2J\e[3J\e[H")]
    [InlineData("reset", "\ec")]
    [InlineData("alternate screen", "\e[?1049h")]
    [InlineData("cursor up and erase", "\e[10A\e[0J")]
    [InlineData("hide cursor", "\e[?25l")]
    [InlineData("title, ended by BEL", "\e]0;title\a")]
    [InlineData("title, ended by ST", "\e]2;title\e\\")]
    [InlineData("device control", "\eP1$r0m\e\\")]
    [InlineData("other character set", "\e(0\u000e")]
    [InlineData("scroll region and soft reset", "\e[1;5r\e[!p")]
    [InlineData("saved cursor", "\e7\e8")]
    [InlineData("modifier keys, which end like colours", "\e[>4;2m")]
    [InlineData("question about colours", "\e[?4m")]
    [InlineData("backspace, bell, NUL, DEL", "\b\a\0\u007f")]
    [InlineData("controls of two bytes", "\u009b2J\u0085")]
    public void Nothing_else_reaches_the_terminal(string what, string sequence) => Shown($"before {sequence}after").Should().NotContain("\e", "{0}", what)
        .And.NotContainAny("\b", "\a", "\0", "\u007f", "\u009b", "\u0085", "\u000e").And.StartWith("before ").And.EndWith("after");

    [Theory]
    [InlineData("before \e")]
    [InlineData("before \e[")]
    [InlineData("before \e[12;")]
    [InlineData("before \e]0;tit")]
    [InlineData("before \e(")]
    public void A_sequence_without_an_end_is_left_out(string text) => Shown(text).Should().Be("before ");

    [Fact]
    public void A_sequence_that_is_broken_off_takes_no_other_with_it() => Shown("\e[12\e[31mred\e]0;t\e[0m").Should().Be("\e[31mred\e[0m");

    [Fact]
    public void Of_a_line_that_rewrites_itself_the_last_state_is_shown() => Shown("\rprogress 0%\rprogress 50%\rprogress 100%").Should().Be("progress 100%");

    [Fact]
    public void A_byte_that_is_no_letter_passes()
    {
        var output = new ArrayBufferWriter<byte>();
        TerminalText.Write([0xFF, 0xC2, (byte)'a', 0xC2], output);
        output.WrittenSpan.ToArray().Should().Equal(0xFF, 0xC2, (byte)'a', 0xC2);
    }

    private static string Shown(string text)
    {
        var output = new ArrayBufferWriter<byte>();
        TerminalText.Write(Encoding.UTF8.GetBytes(text), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
