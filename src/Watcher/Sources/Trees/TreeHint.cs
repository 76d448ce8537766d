using System.Runtime.InteropServices;

namespace Supervisor.Watcher.Sources.Trees;

/// <summary>What a source that listens to a whole tree says of one path; the later ones cover the earlier ones.</summary>
internal enum TreeHintKind : byte
{
    /// <summary>Look at it.</summary>
    Changed,

    /// <summary>It is said to be gone: look at it.</summary>
    Gone,

    /// <summary>It came: if it is a directory, nothing need have been told of what is in it.</summary>
    Appeared,

    /// <summary>Something in this directory, whose name the source cannot tell.</summary>
    Within,
}

/// <summary>A hint, never a fact.</summary>
/// <param name="Path">Absolute, beneath the watch path as that was given.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TreeHint(string Path, TreeHintKind Kind);
