namespace Supervisor.Client;

/// <summary>A path of the runtime directory is not what it must be; the message names the path, what is wrong and what to do.</summary>
public sealed class RuntimeDirectoryException(string message, Exception? inner = null) : IOException(message, inner);
