using Supervisor.Tree.Harness;

namespace Supervisor.Unit.Stress;

public sealed class ProcStatSpecs
{
    [Fact]
    public void A_name_with_blanks_and_parentheses_is_parsed_correctly()
    {
        const string Line = "4711 (a) S (b c) Z 17 4711 4711 0 -1 4194560 10 0 0 0 120 30 9 9 20 0 5 0 987654 1000 200 18446744073709551615\n";

        ProcStat.Parse(Line).Should().Be(new ProcStat("Z", 17, 5, TimeSpan.FromSeconds(1.5), 987654));
    }

    [Theory]
    [InlineData("")]
    [InlineData("4711 (sleep) S 1")]
    public void A_truncated_line_is_not_a_process(string line) => ProcStat.Parse(line).Should().BeNull();

    [Fact]
    public void An_ended_process_has_no_line() => ProcStat.TryRead(int.MaxValue).Should().BeNull();

    [Fact]
    public void This_process_runs() => ProcStat.TryRead(Environment.ProcessId)!.State.Should().BeOneOf("R", "S");
}
