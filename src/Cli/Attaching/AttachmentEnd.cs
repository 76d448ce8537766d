namespace Supervisor.Cli.Attaching;

/// <summary>How the connection of this terminal with that of a server has ended.</summary>
internal abstract record AttachmentEnd
{
    /// <summary>The user has left; the server goes on.</summary>
    internal sealed record Left : AttachmentEnd;

    /// <summary>The host has ended it, and has said why.</summary>
    internal sealed record Told(ExitCode ExitCode, string Reason) : AttachmentEnd;

    /// <summary>The host has gone without a word.</summary>
    internal sealed record HostDied : AttachmentEnd;
}
