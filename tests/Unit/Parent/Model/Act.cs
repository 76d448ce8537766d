namespace Supervisor.Unit.Parent.Model;

/// <summary>One step of a history: somebody gives a command, something breaks, time passes, or one of the messages under way arrives.</summary>
/// <param name="Choice">Which message arrives, or how many milliseconds pass.</param>
internal sealed record Act(ActKind Kind, string Service, int Choice)
{
    public override string ToString() => Kind switch
    {
        ActKind.Deliver => $"deliver {Choice}",
        ActKind.Wait => $"wait {Choice} ms",
        ActKind.KillParent or ActKind.Reload => Kind.ToString(),
        _ => $"{Kind} {Service}",
    };
}

internal enum ActKind
{
    Deliver,
    Wait,
    Start,
    Stop,
    StopNow,
    Restart,
    RestartForced,
    Flush,
    Save,

    /// <summary>Validation refuses the code from now on.</summary>
    BreakCode,
    MendCode,

    /// <summary>The configuration of the service changes.</summary>
    Reload,
    KillServer,
    KillHost,
    DropLink,
    KillParent,

    /// <summary>The defect that the check must find: a restart goes to the host past the parent's loop.</summary>
    RestartPastTheLoop,
}
