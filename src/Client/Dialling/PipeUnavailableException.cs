namespace Supervisor.Client;

/// <summary>Thrown by <see cref="PipeClient"/> when no connection was made.</summary>
public sealed class PipeUnavailableException(PipeUnavailable reason, string message, Exception? inner = null) : IOException(message, inner)
{
    public PipeUnavailable Reason { get; } = reason;
}

/// <summary>Why no connection to a pipe was made.</summary>
public enum PipeUnavailable
{
    /// <summary>No such path.</summary>
    NotThere,

    /// <summary>The path exists but no process listens, or this user may not connect.</summary>
    Refused,

    /// <summary>A process has the listening socket but accepts nothing: it is stopped or hung.</summary>
    NotAnswering,
}
