using Supervisor.Cli.Output;
using Supervisor.Cli.Rendering;

namespace Supervisor.Unit.Cli;

/// <summary>When there is colour, and what it says.</summary>
public sealed class ColourSpecs
{
    [Theory]
    [InlineData(true, true, "TERM=xterm")]
    [InlineData(false, true)]
    [InlineData(false, true, "TERM=dumb")]
    [InlineData(false, false, "TERM=xterm")]
    [InlineData(false, true, "TERM=xterm", "NO_COLOR=1")]
    [InlineData(true, true, "TERM=xterm", "NO_COLOR=")]
    [InlineData(true, false, "FORCE_COLOR=1")]
    [InlineData(true, false, "FORCE_COLOR=3")]
    [InlineData(false, true, "TERM=xterm", "FORCE_COLOR=0")]
    [InlineData(true, false, "CLICOLOR_FORCE=1")]
    [InlineData(false, false, "CLICOLOR_FORCE=0")]
    [InlineData(false, false, "FORCE_COLOR=1", "NO_COLOR=1")]
    public void The_usual_variables_decide_and_otherwise_the_terminal(bool coloured, bool isTerminal, params string[] variables)
    {
        var environment = variables.Select(variable => variable.Split('=')).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

        ColourChoice.IsColoured(environment.GetValueOrDefault, isTerminal).Should().Be(coloured);
    }

    [Fact]
    public void The_names_of_nine_services_differ_in_hue_and_are_legible_on_black_and_on_white()
    {
        var colours = Palette.Names.Select(Rgb).ToArray();
        var hues = colours.Select(Hue).Order().ToArray();

        hues.Should().HaveCount(9);
        hues.Zip([.. hues.Skip(1), hues[0] + 360]).Should().OnlyContain(pair => pair.Second - pair.First >= 18);
        Palette.Names.Zip(Palette.Names.Skip(1)).Should().OnlyContain(pair => Distance(Hue(Rgb(pair.First)), Hue(Rgb(pair.Second))) >= 60, "neighbours differ most");
        colours.Should().OnlyContain(colour => Contrast(colour, 0) >= 3 && Contrast(colour, 1) >= 3);
    }

    [Theory]
    [InlineData("✓ ready in 0.2 s", "32")]
    [InlineData("✓ reloaded in 0.2 s  a.py", "33")]
    [InlineData("! held back", "33")]
    [InlineData("✗ refused: bad", "1;31")]
    public void A_line_about_a_service_has_the_colour_of_what_it_says(string text, string code) =>
        Shown("host", text, coloured: true).Should().EndWith($"\e[90m12:00:01\e[0m \e[{code}m{text}\e[0m\n");

    [Fact]
    public void What_a_tool_said_has_the_weight_of_the_terminal_and_stands_below_the_line_that_quotes_it()
    {
        Shown("host", "  SyntaxError: bad", coloured: true).Should().EndWith("web       \e[0m            SyntaxError: bad\n");
        Shown("host", "started (pid 3)", coloured: true).Should().EndWith("12:00:01\e[0m started (pid 3)\n");
    }

    [Fact]
    public void Standard_error_is_set_apart_with_and_without_colour()
    {
        Shown("stdout", "x", coloured: false).Should().Be("web        | x\n");
        Shown("stderr", "x", coloured: false).Should().Be("web        ! x\n");
        Shown("stderr", "x", coloured: true).Should().EndWith(" \e[33m!\e[0m x\n");
    }

    [Fact]
    public void Supervisors_lines_begin_with_their_time_and_those_of_services_on_request()
    {
        Shown("host", "✓ ready", coloured: false).Should().Be("web        12:00:01 ✓ ready\n");
        Shown("stdout", "x", coloured: false, LineTimes.All).Should().Be("web        12:00:01.250 | x\n");
        Shown("host", "✓ ready", coloured: false, LineTimes.All).Should().Be("web        12:00:01.250 ✓ ready\n");
        Format(coloured: false, LineTimes.Own).Message("watcher", Boards.Noon, "watching").Should().Be("supervisor 12:00:00 watching\n");
    }

    private static string Shown(string stream, string text, bool coloured, LineTimes times = LineTimes.Own) =>
        Format(coloured, times).Of("web", new LogLine(1, Boards.Noon.AddSeconds(1.25), stream, text, Partial: false));

    private static LineFormat Format(bool coloured, LineTimes times) => new(["web"], new Palette(coloured), new LineClock(TimeZoneInfo.Utc, times));

    // Of the 6×6×6 cube of the 256 colours.
    private static double[] Rgb(int colour) => [.. new[] { (colour - 16) / 36, (colour - 16) / 6 % 6, (colour - 16) % 6 }.Select(step => step == 0 ? 0 : ((step * 40) + 55) / 255.0)];

    private static double Hue(double[] rgb)
    {
        var (red, green, blue) = (rgb[0], rgb[1], rgb[2]);
        var (max, range) = (rgb.Max(), rgb.Max() - rgb.Min());
        var sector = max == red ? (green - blue) / range : max == green ? ((blue - red) / range) + 2 : ((red - green) / range) + 4;
        return ((sector * 60) + 360) % 360;
    }

    private static double Distance(double one, double other) => Math.Min(Math.Abs(one - other), 360 - Math.Abs(one - other));

    /// <summary>As WCAG defines it, against black (0) or white (1).</summary>
    private static double Contrast(double[] rgb, double ground)
    {
        var linear = rgb.Select(channel => channel <= 0.04045 ? channel / 12.92 : Math.Pow((channel + 0.055) / 1.055, 2.4)).ToArray();
        var luminance = (0.2126 * linear[0]) + (0.7152 * linear[1]) + (0.0722 * linear[2]);
        return (Math.Max(luminance, ground) + 0.05) / (Math.Min(luminance, ground) + 0.05);
    }
}
