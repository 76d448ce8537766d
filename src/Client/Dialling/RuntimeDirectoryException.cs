namespace Supervisor.Client;

/// <summary>A path of the runtime directory is not usable; the message names the path, the problem and what to do.</summary>
public sealed class RuntimeDirectoryException(string message, Exception? inner = null) : IOException(message, inner);
