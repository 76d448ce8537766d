namespace Supervisor.Client;

/// <summary>Thrown by a call whose link ended before the answer came: nobody knows whether it was carried out.</summary>
public sealed class LinkEndedException(string message, Exception? inner = null) : IOException(message, inner);
