namespace Supervisor.Processes;

/// <summary>Why a process could not be started, as callers distinguish it.</summary>
public enum SpawnFailure
{
    /// <summary>No such program, or the interpreter in its first line does not exist.</summary>
    NotFound,

    /// <summary>The file exists, but the system does not run it.</summary>
    NotExecutable,

    BadWorkingDirectory,

    /// <summary>Out of some resource (processes, memory, descriptors), or the file is being written: try again later.</summary>
    Transient,

    Other,
}

/// <summary>A process could not be started; the message names the program, the place and the system's error.</summary>
public sealed class SpawnException(SpawnFailure kind, string message) : Exception(message)
{
    public SpawnFailure Kind { get; } = kind;
}
