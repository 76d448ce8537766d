using System.Globalization;

namespace Supervisor.Stress.Compare;

/// <summary>What happened after the tool's watching component was killed and then a source changed.</summary>
/// <param name="Killed">The pid; null: there was none, the last kill had not been recovered from.</param>
/// <param name="CameBack">Time until a new watching component ran; null: not in the time given.</param>
/// <param name="ServersUp">How many services answered three seconds after the kill.</param>
/// <param name="ServersReplaced">How many had another process by then: the kill should not affect them.</param>
/// <param name="Served">Time from the change until it was served; null: not within fifteen seconds.</param>
/// <param name="UpAtEnd">How many services answered at the end.</param>
internal sealed record KillOutcome(
    int? Killed, TimeSpan? CameBack, int ServersUp, int ServersReplaced, TimeSpan? Served, int UpAtEnd, int Services)
{
    /// <summary>The watching component came back by itself, no server was affected, and the change was served.</summary>
    public bool IsRecovered =>
        CameBack is not null && Served is not null && ServersUp == Services && ServersReplaced == 0 && UpAtEnd == Services;

    public string InWords => string.Join("; ", new[] { Component, Servers, ChangeAfterwards, InTheEnd }.Where(part => part.Length > 0));

    private string Component => this switch
    {
        { Killed: null } => "it was still gone",
        { CameBack: { } after } => string.Create(CultureInfo.InvariantCulture, $"back by itself after {after.TotalSeconds:0.0} s"),
        _ => "not back by itself",
    };

    private string Servers => ServersUp == Services && ServersReplaced == 0
        ? "servers unaffected"
        : $"{ServersUp} of {Services} servers up" + (ServersReplaced == 0 ? "" : $", {ServersReplaced} replaced");

    private string ChangeAfterwards => Served is { } after
        ? string.Create(CultureInfo.InvariantCulture, $"the next change served after {after.TotalSeconds:0.0} s")
        : "the next change not served";

    private string InTheEnd => UpAtEnd == ServersUp ? "" : $"{UpAtEnd} of {Services} servers up at the end";
}
