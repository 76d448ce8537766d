using System.Text.Json;
using Spectre.Console;
using Supervisor.Stress.Live;
using Supervisor.Stress.Recording;

namespace Supervisor.Unit.Stress;

public sealed class LiveViewSpecs
{
    private static readonly IReadOnlyList<RunEvent> Run = new SyntheticRun(TimeSpan.FromMinutes(10), 7).Events();

    [Fact]
    public void Without_a_terminal_a_run_of_ten_minutes_prints_a_line_a_minute_and_its_result()
    {
        var lines = Printed(output => new PlainView(output), violated: 0);

        lines.Should().ContainSingle(line => line.StartsWith("Held: ", StringComparison.Ordinal));
        lines.Count(line => line.Contains(" left: ", StringComparison.Ordinal)).Should().BeInRange(9, 10);
    }

    [Fact]
    public void Without_a_terminal_each_violation_is_printed_once_when_it_is_new()
    {
        var lines = Printed(output => new PlainView(output), violated: 2);

        lines.Count(line => line.Contains(" VIOLATED Each change", StringComparison.Ordinal)).Should().Be(2);
        lines.Should().ContainSingle(line => line.StartsWith("Violated: Each change", StringComparison.Ordinal));
    }

    [Fact]
    public void With_json_every_line_is_a_document_and_the_last_one_is_the_result()
    {
        var documents = Printed(output => new JsonView(output), violated: 1).Select(line => JsonDocument.Parse(line).RootElement).ToList();

        documents.Select(document => document.GetProperty("type").GetString()).Distinct(StringComparer.Ordinal)
            .Should().BeEquivalentTo("progress", "fault-began", "fault-ended", "fault-skipped", "violation", "result");
        var result = documents[^1];
        result.GetProperty("held").GetBoolean().Should().BeFalse();
        result.GetProperty("seed").GetInt32().Should().Be(7);
        result.GetProperty("report").GetString().Should().Be("night.html");
        result.GetProperty("invariants").GetArrayLength().Should().Be(SyntheticRun.Verdicts(1).Count);
    }

    [Theory]
    [InlineData(80, 24)]
    [InlineData(120, 50)]
    public void The_screen_fits_its_terminal_and_shows_names_as_they_are(int width, int height)
    {
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = width;
        var figures = new LiveFigures();
        foreach (var runEvent in Run)
            figures.Apply(runEvent);
        figures.Apply(new FaultSkipped(TimeSpan.FromMinutes(10), 99, "host-kill", "[red]no victim[/]\nat all"));
        var verdicts = SyntheticRun.Verdicts(3);

        console.Write(TerminalScreen.Of(figures, verdicts, new NewViolations().Take(verdicts), TimeSpan.FromMinutes(5), height));

        var lines = output.ToString().TrimEnd().Split('\n');
        lines.Should().HaveCountLessThanOrEqualTo(height).And.OnlyContain(line => line.TrimEnd().Length <= width);
        output.ToString().Should().Contain("50 %").And.Contain("[red]no victim[/] at all").And.Contain("3 of 812");
    }

    private static List<string> Printed(Func<TextWriter, ILiveView> make, int violated)
    {
        using var output = new StringWriter();
        using var view = make(output);
        foreach (var runEvent in Run)
        {
            view.Apply(runEvent);
            view.Show(runEvent.At, SyntheticRun.Verdicts(runEvent.At < TimeSpan.FromMinutes(5) ? 0 : violated));
        }

        view.Conclude(new RunResult(((RunBegan)Run[0]).Plan, SyntheticRun.Verdict(violated), "night.html", "night.jsonl", "stress --seed 7"));
        return [.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
