namespace Supervisor.Client;

/// <summary>
/// How a host's own lines in the output of its service begin, so that a viewer can colour them. Other lines of a host tell something plain, or are what
/// a tool printed, and begin with <see cref="Quoted"/>.
/// </summary>
public static class HostLines
{
    /// <summary>The stream of a host's own lines.</summary>
    public const string Stream = "host";

    public const string Good = "✓ ";

    /// <summary>A server has been started; begins so, or with this after <see cref="Good"/>.</summary>
    public const string Started = "started";

    /// <summary>A reload that has ended well; begins with <see cref="Good"/>.</summary>
    public const string Reloaded = Good + "reloaded";

    public const string Warning = "! ";

    public const string Bad = "✗ ";

    public const string Quoted = "  ";
}
