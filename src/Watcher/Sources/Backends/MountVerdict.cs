namespace Supervisor.Watcher.Sources.Backends;

/// <summary>Whether the directories of one mounted file system can be left to the kernel's events.</summary>
internal abstract record MountVerdict
{
    /// <summary>They can.</summary>
    /// <param name="Remark">What is to be said about it; null: nothing.</param>
    internal sealed record Heard(string? Remark) : MountVerdict;

    /// <summary>Taken for granted until a probe file has said more.</summary>
    internal sealed record Unproven : MountVerdict;

    /// <summary>They have to be polled; events are a help, no more.</summary>
    internal sealed record Polled(string Reason) : MountVerdict;
}

/// <summary>What a probe file has shown.</summary>
internal enum CanaryFinding
{
    /// <summary>None has been made yet.</summary>
    NotProbed,

    /// <summary>The kernel told of it.</summary>
    Seen,

    /// <summary>The kernel told nothing within the deadline.</summary>
    Unseen,

    /// <summary>No file could be made there.</summary>
    NotWritable,

    /// <summary>Changes kept being found that no event had told of.</summary>
    FoundByAudit,
}
