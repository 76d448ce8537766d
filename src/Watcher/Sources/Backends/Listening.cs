namespace Supervisor.Watcher.Sources.Backends;

/// <summary>By what a directory is to be heard of.</summary>
internal enum Listening : byte
{
    /// <summary>A watch of the kernel; where that is refused it is polled.</summary>
    Kernel,

    /// <summary>Round by round; a watch, where it can be had, makes some changes known earlier.</summary>
    Polled,

    /// <summary>A source that listens to the whole tree, and whose silence is believed.</summary>
    Told,

    /// <summary>Such a source whose silence means nothing: slow rounds besides.</summary>
    Audited,
}
