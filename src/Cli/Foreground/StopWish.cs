namespace Supervisor.Cli.Foreground;

/// <summary>How far the wish to stop has gone: every interrupt is a step.</summary>
internal enum StopWish
{
    None,

    /// <summary>In order, with the grace that each service has.</summary>
    InOrder,

    /// <summary>Without grace.</summary>
    Now,

    /// <summary>The parent does not answer, and the person wants the prompt back.</summary>
    Leave,
}
