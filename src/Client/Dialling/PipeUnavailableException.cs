namespace Supervisor.Client;

/// <summary>Thrown by <see cref="PipeClient"/> when nobody could be reached.</summary>
public sealed class PipeUnavailableException(PipeUnavailable reason, string message, Exception? inner = null) : IOException(message, inner)
{
    public PipeUnavailable Reason { get; } = reason;
}

/// <summary>Why a pipe could not be connected to.</summary>
public enum PipeUnavailable
{
    /// <summary>No such path.</summary>
    NotThere,

    /// <summary>The path is there and nobody listens, or we may not connect.</summary>
    Refused,

    /// <summary>Somebody holds the listening socket and accepts nothing: stopped or hung.</summary>
    NotAnswering,
}
