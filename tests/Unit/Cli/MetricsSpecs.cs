using System.Globalization;
using System.Text.RegularExpressions;
using Supervisor.Cli.Metrics;

namespace Supervisor.Unit.Cli;

/// <summary>The metrics of a tree, read by the rules of OpenMetrics 1.0.</summary>
public sealed partial class MetricsSpecs
{
    private static readonly string[] Suffixes = ["", "_total", "_info", "_bucket", "_gcount", "_gsum"];

    private static readonly LedgerEntry[] Ledger =
    [
        Entry(-100_000, "started", "crash", null), Entry(-60, "started", "manual", 40), Entry(-50, "reloaded", "files", 700), Entry(-40, "reloaded", "files", 70_000), Entry(-30, "ready", "files", null),
    ];

    [Fact]
    public void Every_line_is_a_sample_of_the_family_above_it_and_the_last_one_ends_the_text()
    {
        var lines = Text("we\\b \"x\"\n").Split('\n');
        var (family, type) = ("", "");

        lines[^2..].Should().Equal("# EOF", "");

        foreach (var line in lines[..^2])
        {
            if (Descriptor().Match(line) is { Success: true } descriptor)
            {
                (family, type) = descriptor.Groups["what"].Value == "TYPE" ? (descriptor.Groups["name"].Value, descriptor.Groups["text"].Value) : (family, type);
                descriptor.Groups["name"].Value.Should().Be(family, "TYPE comes first");
                type.Should().BeOneOf("gauge", "counter", "info", "gaugehistogram");
                continue;
            }

            var sample = Sample().Match(line);
            sample.Success.Should().BeTrue("{0} is a sample", line);
            Suffixes.Select(suffix => family + suffix).Should().Contain(sample.Groups["name"].Value);
            (type == "counter").Should().Be(sample.Groups["name"].Value == family + "_total");
            double.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture).Should().BeGreaterThanOrEqualTo(0);
        }

        lines.Should().OnlyHaveUniqueItems(line => line.Split("} ")[0]);
    }

    [Fact]
    public void What_the_board_and_the_ledger_say_is_there()
    {
        var lines = Text("web").Split('\n');

        lines.Should().Contain("supervisor_service_restarts_total{service=\"web\"} 2.0").And.Contain("supervisor_service_stale_seconds{service=\"web\"} 30.0")
            .And.Contain("supervisor_service_starts_last_day{service=\"web\",cause=\"files\"} 2.0", "an older start does not count").And.Contain("supervisor_service_starts_last_day{service=\"web\",cause=\"manual\"} 1.0")
            .And.NotContain(line => line.Contains("cause=\"crash\"", StringComparison.Ordinal));
        lines.Where(line => line.StartsWith("supervisor_service_downtime_seconds_", StringComparison.Ordinal)).Select(line => line.Split(' ')[^1]).Should().Equal(
            "1.0", "1.0", "1.0", "1.0", "2.0", "2.0", "2.0", "2.0", "2.0", "2.0", "3.0", "3.0", "70.74");
    }

    private static string Text(string service)
    {
        var board = Boards.Of(Boards.Service(service, ServicePhase.Ready) with
        {
            Stale = true, Restarts = 2, MemoryBytes = 1 << 20, CpuPercent = 12.5, LastChange = new LastChange("files", ["a.py"], Boards.Noon.AddSeconds(-30), null),
        });
        return TreeMetrics.Of(board, new Dictionary<string, IReadOnlyList<LedgerEntry>>(StringComparer.Ordinal) { [service] = Ledger }, Boards.Noon);
    }

    private static LedgerEntry Entry(int seconds, string what, string cause, long? downtime) => new(Boards.Noon.AddSeconds(seconds), what, cause, 1, 10, [], null, null, downtime);

    [GeneratedRegex("^# (?<what>TYPE|UNIT|HELP) (?<name>[a-z_]+) (?<text>.+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Descriptor();

    [GeneratedRegex("""^(?<name>[a-z_]+)(?:\{[a-z]+="(?:[^"\\\n]|\\["\\n])*"(?:,[a-z]+="(?:[^"\\\n]|\\["\\n])*")*\})? (?<value>[0-9]+(?:\.[0-9]+)?(?:E[+-][0-9]+)?)$""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Sample();
}
