namespace Supervisor.Client;

/// <summary>
/// A time in which something relevant may have been there that the watcher did not see: created and deleted, or changed and changed back, between
/// two of its looks. Nothing differs now from what was told; but a server that read its files within the span may have read something else.
/// </summary>
/// <param name="Since">Not later than the first of it.</param>
/// <param name="Until">Not earlier than the last of it: whoever begins to read after this reads what is there now.</param>
public sealed record UnseenSpan(DateTimeOffset Since, DateTimeOffset Until)
{
    /// <summary>The least span with both in it; null: there is none of them.</summary>
    public static UnseenSpan? Union(UnseenSpan? one, UnseenSpan? other) => (one, other) switch
    {
        (null, _) => other,
        (_, null) => one,
        _ => new UnseenSpan(one.Since < other.Since ? one.Since : other.Since, one.Until > other.Until ? one.Until : other.Until),
    };
}
