namespace Supervisor.Processes;

/// <summary>Why a process could not be started, in the meanings that callers act upon.</summary>
public enum SpawnFailure
{
    /// <summary>No such program, or the interpreter that its first line names does not exist.</summary>
    NotFound,

    /// <summary>There is a file, and the system does not run it.</summary>
    NotExecutable,

    BadWorkingDirectory,

    /// <summary>The machine is short of something (processes, memory, descriptors) or the file is just being written: try again later.</summary>
    Transient,

    Other,
}

/// <summary>A process could not be started; the message names what, where and the system's own word for it.</summary>
public sealed class SpawnException(SpawnFailure kind, string message) : Exception(message)
{
    public SpawnFailure Kind { get; } = kind;
}
