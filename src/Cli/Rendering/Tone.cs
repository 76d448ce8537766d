namespace Supervisor.Cli.Rendering;

/// <summary>What a text means to its reader; a <see cref="Palette"/> gives it a colour.</summary>
internal enum Tone
{
    Plain,

    /// <summary>Ready, up.</summary>
    Good,

    /// <summary>Reloaded, stale, degraded: look when you can.</summary>
    Warning,

    /// <summary>Refused, failed, crash loop: look now.</summary>
    Bad,

    /// <summary>Only for what may be overlooked, such as times.</summary>
    Faint,
}
