using System.Text;
using Supervisor.Processes;

namespace Supervisor.Unit.Processes;

/// <summary>What a terminal is brought back from when a server has left it as it is.</summary>
public sealed class TerminalModesSpecs
{
    private const string Normal = "\e[0m";

    [Theory]
    [InlineData("plain \e[31mred\e[2J\e[10;20Htext", "", Normal)]
    [InlineData("\e[?1049h\e[?25l", "\e[?1049h\e[?25l", Normal + "\e[?25h\e[?1049l")]
    [InlineData("\e[?1049h\e[?25l\e[?25h\e[?1049l", "", Normal)]
    [InlineData("\e[?1000;1006h", "\e[?1000h\e[?1006h", Normal + "\e[?1006l\e[?1000l")]
    [InlineData("\e[?7l\e[?25h", "\e[?7l", Normal + "\e[?7h")]
    [InlineData("\e[?2004h\e[?2004h", "\e[?2004h", Normal + "\e[?2004l")]
    [InlineData("\e[?h\e[?12x\e[?99999999999h\e[?1\e[4h", "", Normal)]
    public void Modes_that_are_set_are_set_elsewhere_and_undone_the_newest_first(string output, string enter, string leave)
    {
        var modes = new TerminalModes();

        modes.Read(Encoding.ASCII.GetBytes(output));

        (modes.Enter(), modes.Leave()).Should().Be((enter, leave));
    }

    [Fact]
    public void A_sequence_may_arrive_in_pieces()
    {
        var modes = new TerminalModes();

        foreach (var piece in Encoding.ASCII.GetBytes("x\e[?1049hy\e[?25l"))
            modes.Read([piece]);

        modes.Enter().Should().Be("\e[?1049h\e[?25l");
    }

    [Fact]
    public void Output_that_sets_ever_more_modes_is_not_remembered_for_ever()
    {
        var modes = new TerminalModes();

        for (var mode = 10_000; mode < 20_000; mode++)
            modes.Read(Encoding.ASCII.GetBytes($"\e[?{mode}h"));

        modes.Enter().Length.Should().BeLessThan(1_000);
        modes.Clear();
        modes.Enter().Should().BeEmpty();
    }
}
