namespace Supervisor.Cli.Output;

/// <summary>Which lines begin with their time.</summary>
internal enum LineTimes
{
    /// <summary>Those of supervisor itself.</summary>
    Own,

    /// <summary>Those of the services too, in milliseconds.</summary>
    All,
}
