using Supervisor.Parent.Control;
using Supervisor.Parent.Supervision;

namespace Supervisor.Unit.Parent.Model;

/// <summary>A command that a client has given and for whose outcome it waits.</summary>
/// <param name="rule">null: the outcome comes from elsewhere.</param>
/// <param name="newestServer">The newest server at the moment of the request.</param>
internal sealed class ModelCommand(ActKind kind, string service, Func<string, StatusReport, TreeState, ServiceOutcome?>? rule, int newestServer)
{
    private long _judgedAt = -1;

    public ActKind Kind => kind;

    public string Service => service;

    public int NewestServer => newestServer;

    public ServiceOutcome? Outcome { get; private set; }

    /// <summary>A later command that contradicts this one.</summary>
    public ModelCommand? Contradiction { get; set; }

    /// <summary>As a waiting client does: whenever the board shows something new.</summary>
    public void Judge(Board board, TreeState state)
    {
        if (Outcome is not null || rule?.Invoke(service, board.Report, state) is not { } outcome)
        {
            _judgedAt = board.Report.Tree.Revision;
            return;
        }

        board.Report.Tree.Revision.Should().NotBe(_judgedAt, "{0} waits for a new board, and this one does not wake it", this);
        End(outcome);
    }

    public void End(ServiceOutcome outcome)
    {
        Outcome.Should().BeNull("a command has one outcome");
        Outcome = outcome;
    }

    public override string ToString() => $"{kind} {service}: {(Outcome is null ? "waits" : $"{Outcome.Succeeded}, {Outcome.Message}")}";
}
