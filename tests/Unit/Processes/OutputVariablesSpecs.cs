using Supervisor.Processes;

namespace Supervisor.Unit.Processes;

/// <summary>What a server is told about its output, by what the user has decided.</summary>
public sealed class OutputVariablesSpecs
{
    [Theory]
    [InlineData("", null, "PYTHONUNBUFFERED=1")]
    [InlineData("PYTHONUNBUFFERED=", null, "")]
    [InlineData("", "80", "PYTHONUNBUFFERED=1 FORCE_COLOR=1 CLICOLOR_FORCE=1 COLUMNS=80")]
    [InlineData("COLUMNS=60", "80", "PYTHONUNBUFFERED=1 FORCE_COLOR=1 CLICOLOR_FORCE=1")]
    [InlineData("CLICOLOR=1 NO_COLOR=", "80", "PYTHONUNBUFFERED=1 FORCE_COLOR=1 CLICOLOR_FORCE=1 COLUMNS=80")]
    [InlineData("NO_COLOR=1", "80", "PYTHONUNBUFFERED=1")]
    [InlineData("CLICOLOR=0", "80", "PYTHONUNBUFFERED=1")]
    [InlineData("FORCE_COLOR=0", "80", "PYTHONUNBUFFERED=1")]
    [InlineData("CLICOLOR_FORCE=", "80", "PYTHONUNBUFFERED=1")]
    public void Only_what_the_user_has_not_decided_is_added(string environment, string? columns, string added) =>
        OutputVariables.For(Variables(environment), columns).Should().BeEquivalentTo(Variables(added));

    [Theory]
    [InlineData("", "PYTHONUNBUFFERED=1 TERM=xterm-256color")]
    [InlineData("TERM=screen NO_COLOR=1", "PYTHONUNBUFFERED=1")]
    public void A_server_with_a_terminal_learns_of_it_by_the_terminal(string environment, string added) =>
        OutputVariables.ForTerminal(Variables(environment)).Should().BeEquivalentTo(Variables(added));

    [Theory]
    [InlineData("", null, 80, 24)]
    [InlineData("COLUMNS=120 LINES=40", null, 120, 40)]
    [InlineData("", "66", 66, 24)]
    [InlineData("COLUMNS=120", "66", 120, 24)]
    [InlineData("COLUMNS=wide LINES=0", null, 80, 24)]
    public void The_window_of_a_terminal_is_that_of_the_shell_which_the_server_is_not_told(string shell, string? shown, ushort columns, ushort rows)
    {
        var variables = Variables("A=1 " + shell);

        OutputVariables.TakeWindow(variables, shown).Should().Be(new WindowSize(columns, rows));

        variables.Should().BeEquivalentTo(Variables("A=1"));
    }

    private static Dictionary<string, string> Variables(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(it => it.Split('=')).ToDictionary(it => it[0], it => it[1], StringComparer.Ordinal);
}
