using System.Runtime.Versioning;
using Supervisor.Watcher.Sources.Backends;
using Supervisor.Watcher.Sources.Trees.Watchman;

namespace Supervisor.Watcher.Sources.Trees;

/// <summary>Which tree source the configuration asks for.</summary>
[SupportedOSPlatform("linux")]
internal static class TreeSources
{
    /// <summary>Opens one for a watch path; null: none is wanted.</summary>
    /// <param name="arrived">Called on any thread whenever there is something to take; must not block.</param>
    public static Func<string, ITreeSource>? For(WatcherHello hello, SourceLimits limits, Action arrived)
    {
        if (BackendChoice.WantsSystemWatcher(hello.Settings.Backend, hello.Degraded, OperatingSystem.IsLinux()))
            return root => new SystemWatcher(root, arrived);

        return hello.Settings.Backend == WatchBackend.Watchman && !hello.Degraded
            ? root => new WatchmanSource(root, limits.WatchmanSocket, arrived)
            : null;
    }
}
