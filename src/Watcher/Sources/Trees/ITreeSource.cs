using System.Runtime.InteropServices;

namespace Supervisor.Watcher.Sources.Trees;

/// <summary>The state of a tree source.</summary>
internal abstract record TreeSourceState
{
    /// <summary>Changes need not be reported yet.</summary>
    internal sealed record Opening : TreeSourceState;

    /// <summary>Every change from now on is reported, as far as the source can.</summary>
    internal sealed record Listening : TreeSourceState;

    /// <summary>For good: another one has to be opened.</summary>
    internal sealed record Lost(string Reason) : TreeSourceState;
}

/// <summary>
/// A source that watches everything beneath one watch path by itself, unlike inotify, which needs a watch per directory. It reports hints.
/// The work loop calls it; disposing ends everything that the source started.
/// </summary>
internal interface ITreeSource : IDisposable
{
    /// <summary>As <c>status</c> shows it.</summary>
    string Backend { get; }

    /// <summary>Its silence proves nothing: the directories have to be polled as well.</summary>
    bool NeedsAudit { get; }

    TreeSourceState State { get; }

    /// <inheritdoc cref="HintBuffer.Take"/>
    IReadOnlyDictionary<string, TreeHintKind> Take(out bool lostTrack);

    /// <summary>Asks the source to report everything that happened before now. Useless when it needs an audit: then only polling helps.</summary>
    void Synchronise();

    /// <summary>Every hint from before the last <see cref="Synchronise"/> can be taken.</summary>
    bool IsSynchronised { get; }
}

/// <summary>What a tree source says about one path; the later values cover the earlier ones.</summary>
internal enum TreeHintKind : byte
{
    /// <summary>Look at it.</summary>
    Changed,

    /// <summary>The source says that it is gone: stat it.</summary>
    Gone,

    /// <summary>It appeared: if it is a directory, its contents may have had no hints.</summary>
    Appeared,

    /// <summary>Something in this directory whose name the source cannot express.</summary>
    Within,
}

/// <summary>A hint, never a fact.</summary>
/// <param name="Path">Absolute, beneath the watch path as that was given.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TreeHint(string Path, TreeHintKind Kind);
