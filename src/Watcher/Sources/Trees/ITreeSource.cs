using System.Runtime.InteropServices;

namespace Supervisor.Watcher.Sources.Trees;

/// <summary>How a tree source is.</summary>
internal abstract record TreeSourceState
{
    /// <summary>Nothing of what happens now need be told.</summary>
    internal sealed record Opening : TreeSourceState;

    /// <summary>Whatever happens from now on is told, as far as the source can.</summary>
    internal sealed record Listening : TreeSourceState;

    /// <summary>For good: another one has to be opened.</summary>
    internal sealed record Lost(string Reason) : TreeSourceState;
}

/// <summary>
/// A source that listens to everything beneath one watch path by itself, unlike inotify, which is given each directory. What it tells are hints.
/// The work loop calls; disposing ends everything that the source has begun.
/// </summary>
internal interface ITreeSource : IDisposable
{
    /// <summary>As <c>status</c> shows it.</summary>
    string Backend { get; }

    /// <summary>Its silence means nothing: the directories have to be gone through by the clock as well.</summary>
    bool NeedsAudit { get; }

    TreeSourceState State { get; }

    /// <inheritdoc cref="HintBuffer.Take"/>
    IReadOnlyDictionary<string, TreeHintKind> Take(out bool lostTrack);

    /// <summary>Asks the source to tell everything that happened before now. Not when it needs an audit: then only reading helps.</summary>
    void Synchronise();

    /// <summary>Everything before the last <see cref="Synchronise"/> has been told and can be taken.</summary>
    bool IsSynchronised { get; }
}

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
