using Supervisor.Cli.Init.Reading;

namespace Supervisor.Unit.Cli.Init;

/// <summary>Variables, names and durations of other tools in the words of the configuration.</summary>
public sealed class CarriedTextSpecs
{
    [Theory]
    [InlineData("$A", "${A:-}")]
    [InlineData("${A}/b", "${A:-}/b")]
    [InlineData("${A:-x}", "${A:-x}")]
    [InlineData("${A-x}", "${A:-x}")]
    [InlineData("${A:?must be set}", "${A:-}")]
    [InlineData("${A:-${B}}", "${A:-${B:-}}")]
    [InlineData("$$A", "$$A")]
    [InlineData("$${A}", "$${A}")]
    [InlineData("a$$5", "a$5")]
    [InlineData("pa$5 ^a$", "pa$5 ^a$")]
    public void A_variable_that_is_not_set_stays_empty_as_it_was_there(string written, string carried) => CarriedText.Value(written).Should().Be(carried);

    [Fact]
    public void A_script_that_a_list_gives_to_a_shell_keeps_the_variables_of_the_shell()
    {
        CarriedText.Words(["sh", "-c", "echo $$HOME $A $${B}"]).Select(word => (string?)word).Should().Equal("sh", "-c", "echo $HOME ${A:-} $${B}");
        CarriedText.Literal(["bash", "-lc", "echo $HOME ${A}"]).Select(word => (string?)word).Should().Equal("bash", "-lc", "echo $HOME $${A}");
        CarriedText.Literal(["echo", "$A$5"]).Select(word => (string?)word).Should().Equal("echo", "$$A$5");
    }

    [Theory]
    [InlineData("exec ./run $PORT", "exec ./run $PORT")]
    [InlineData("a && b\n", "a && b")]
    public void A_command_line_that_every_shell_knows_stays_one_text(string written, string carried) => CarriedText.ForBash(written).ToString().Should().Be(carried);

    [Theory]
    [InlineData("source .venv/bin/activate && run ${A}")]
    [InlineData("[[ -f a ]] && run ${A}")]
    public void A_command_line_for_bash_is_run_by_bash(string written) =>
        CarriedText.ForBash(written).AsArray().Select(word => (string?)word).Should().Equal("bash", "-c", written.Replace("${", "$${", StringComparison.Ordinal));

    [Theory]
    [InlineData("web", "web")]
    [InlineData("Tailwind (v3)", "Tailwind-v3")]
    [InlineData("_private", "private")]
    [InlineData("@", "service")]
    [InlineData("watcher", "watcher-1")]
    public void A_name_that_is_not_allowed_gets_one_that_is(string written, string carried) => CarriedNames.Of(written).Should().Be(carried);

    [Fact]
    public void Two_names_never_become_one() => CarriedNames.Of(["a b", "a-b", "a b"]).Should().BeEquivalentTo(new Dictionary<string, string>(StringComparer.Ordinal) { ["a b"] = "a-b", ["a-b"] = "a-b-2" });

    [Theory]
    [InlineData("1m30s", 90.0)]
    [InlineData("1.5h", 5400.0)]
    [InlineData("500ms", 0.5)]
    [InlineData("soon", null)]
    [InlineData("90", null)]
    public void A_duration_of_compose_is_a_sum_of_parts(string written, double? seconds) => CarriedDuration.Parse(written)?.TotalSeconds.Should().Be(seconds);
}
