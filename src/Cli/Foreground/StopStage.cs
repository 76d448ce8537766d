namespace Supervisor.Cli.Foreground;

/// <summary>How far the stop has gone; every interrupt leads to the next stage.</summary>
internal enum StopStage
{
    None,

    /// <summary>With the grace period of each service.</summary>
    Graceful,

    /// <summary>Without grace periods.</summary>
    Now,

    /// <summary>The command returns although the parent has not answered.</summary>
    Abandon,
}
