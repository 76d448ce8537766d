using System.Globalization;

namespace Supervisor.Filtering;

/// <summary>
/// One number (FNV-1a, 64 bits) for everything that decides which paths are in the state map. It guards against an edited configuration,
/// not against an enemy, and spares the process a cryptographic library.
/// </summary>
internal static class RulesHash
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    public static ulong Of(ReadOnlySpan<byte> content)
    {
        var hash = Offset;

        foreach (var value in content)
            hash = (hash ^ value) * Prime;

        return hash;
    }

    public static string Of(WatcherSpec settings, IReadOnlyList<Subscription> subscriptions)
    {
        var hash = Add(Offset, BuiltInIgnores.Version.ToString(CultureInfo.InvariantCulture));
        hash = Add(hash, settings.Gitignore ? "gitignore" : "-");
        hash = Add(hash, settings.Ignore);

        foreach (var (service, watch, _) in subscriptions)
        {
            hash = Add(hash, service);
            hash = Add(hash, watch.Paths);
            hash = Add(hash, watch.Include);
            hash = Add(hash, watch.Ignore);
            hash = Add(hash, watch.FollowLinks ? "links" : "-");
        }

        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }

    private static ulong Add(ulong hash, IReadOnlyList<string> texts)
    {
        hash = Add(hash, texts.Count.ToString(CultureInfo.InvariantCulture));
        return texts.Aggregate(hash, Add);
    }

    private static ulong Add(ulong hash, string text)
    {
        foreach (var c in text)
            hash = (hash ^ c) * Prime;

        // Ends the text, so that ["ab", "c"] is not ["a", "bc"]: no text holds this character.
        return (hash ^ '\uFFFF') * Prime;
    }
}
