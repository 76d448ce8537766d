namespace Supervisor.Cli.Output;

/// <summary>Which lines of the output are shown.</summary>
internal enum ShownLines
{
    All,

    /// <summary>Only those of supervisor about the services.</summary>
    Own,
}
