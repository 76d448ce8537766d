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

    private static Dictionary<string, string> Variables(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(it => it.Split('=')).ToDictionary(it => it[0], it => it[1], StringComparer.Ordinal);
}
