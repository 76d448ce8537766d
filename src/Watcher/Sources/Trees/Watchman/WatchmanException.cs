namespace Supervisor.Watcher.Sources.Trees.Watchman;

/// <summary>Watchman is not to be had (any more). The message goes to people, behind a colon.</summary>
internal sealed class WatchmanException(string message, Exception? cause = null) : Exception(message, cause);
