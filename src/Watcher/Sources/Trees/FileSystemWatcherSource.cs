using System.Runtime.Versioning;
using Supervisor.Watcher.Sources.Backends;

namespace Supervisor.Watcher.Sources.Trees;

/// <summary>
/// The runtime's <see cref="FileSystemWatcher"/>, which is not trusted: on Linux it misses files in new directories and can die silently (dotnet/runtime
/// 133420), elsewhere it drops events when its buffer is full. So its events are hints, its errors mean lost track, and everything is
/// polled as well. It cannot exclude ignored directories. Thread-safe where <see cref="ITreeSource"/> needs it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class FileSystemWatcherSource : ITreeSource
{
    // The largest that also works over a network on Windows; a few seconds of a busy tree.
    private const int BufferSize = 64 * 1024;

    private readonly HintBuffer _hints = new();
    private readonly Action _arrived;
    private readonly FileSystemWatcher? _watcher;
    private volatile TreeSourceState _state;

    /// <param name="arrived">Called on any thread when there is something to take; must not block.</param>
    public FileSystemWatcherSource(string root, Action arrived)
    {
        _arrived = arrived;

        try
        {
            _watcher = new FileSystemWatcher(root) { IncludeSubdirectories = true, InternalBufferSize = BufferSize };
            _watcher.Changed += (_, change) => Add(change.FullPath, TreeHintKind.Changed);
            _watcher.Created += (_, change) => Add(change.FullPath, TreeHintKind.Appeared);
            _watcher.Deleted += (_, change) => Add(change.FullPath, TreeHintKind.Gone);
            _watcher.Renamed += (_, change) =>
            {
                Add(change.OldFullPath, TreeHintKind.Gone);
                Add(change.FullPath, TreeHintKind.Appeared);
            };

            _watcher.Error += (_, error) => Lose(error.GetException().Message);
            _state = new TreeSourceState.Listening();
            _watcher.EnableRaisingEvents = true;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException)
        {
            _state = new TreeSourceState.Lost($"FileSystemWatcher is not available ({exception.Message})");
        }
    }

    public string Backend => BackendChoice.Native;

    public bool NeedsAudit => true;

    public TreeSourceState State => _state;

    public bool IsSynchronised => false;

    public IReadOnlyDictionary<string, TreeHintKind> Take(out bool lostTrack) => _hints.Take(out lostTrack);

    public void Synchronise()
    {
        // It cannot.
    }

    public void Dispose() => _watcher?.Dispose();

    private void Add(string path, TreeHintKind kind)
    {
        _hints.Add(path, kind);
        _arrived();
    }

    // It may have stopped for good: only a new one is sure to work.
    private void Lose(string reason)
    {
        _state = new TreeSourceState.Lost($"FileSystemWatcher has failed ({reason})");
        _arrived();
    }
}
