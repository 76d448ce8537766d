namespace Supervisor.Client;

/// <summary>
/// A time span in which the watcher may have missed a relevant change: a file created and deleted, or changed and changed back, between two of its
/// checks. Nothing differs now from what was reported, but a server that read its files within the span may have read other content.
/// </summary>
/// <param name="Since">Not later than the first such change.</param>
/// <param name="Until">Not earlier than the last such change: a server that starts to read after this reads the current content.</param>
public sealed record UnseenSpan(DateTimeOffset Since, DateTimeOffset Until)
{
    /// <summary>The smallest span that contains both; null: both are null.</summary>
    public static UnseenSpan? Union(UnseenSpan? one, UnseenSpan? other) => (one, other) switch
    {
        (null, _) => other,
        (_, null) => one,
        _ => new UnseenSpan(one.Since < other.Since ? one.Since : other.Since, one.Until > other.Until ? one.Until : other.Until),
    };
}
