namespace Supervisor.Client;

/// <summary>Thrown by a call whose link ended before the answer: it is unknown whether the call was carried out.</summary>
public sealed class LinkEndedException(string message, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>The parent's reason for ending the link, such as too many connections; null: it gave none.</summary>
    public string? Refusal { get; init; }
}
