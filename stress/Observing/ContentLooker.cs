using Supervisor.Stress.Project;

namespace Supervisor.Stress.Observing;

/// <summary>Looks at what one service serves: at its digest each time, at the whole manifest only when that is new. Not thread-safe.</summary>
internal sealed class ContentLooker(ProjectService service, ServerClient client)
{
    private readonly Uri _manifest = new(service.Address, "manifest");
    private string? _digest;
    private IReadOnlyDictionary<string, string> _served = new Dictionary<string, string>(StringComparer.Ordinal);

    public async Task<ContentSeen> LookAsync(CancellationToken stopping)
    {
        var page = await client.GetAsync(service.Address, stopping);
        if (page.Body is null)
            return new ContentSeen(page.At, Served: null, page.Error);
        if (ServedManifest.DigestIn(page.Body) is not { } digest)
            return new ContentSeen(page.At, Served: null, "the page has no digest");
        if (digest == _digest)
            return new ContentSeen(page.At, _served, Trouble: null);

        var manifest = await client.GetAsync(_manifest, stopping);
        if (manifest.Body is null)
            return new ContentSeen(manifest.At, Served: null, manifest.Error);

        // Two requests, and between them another server may have come: what it serves is known, and what its page will say can be told from it.
        _served = ServedManifest.Parse(manifest.Body);
        _digest = ServedManifest.DigestOf(manifest.Body);
        return new ContentSeen(manifest.At, _served, Trouble: null);
    }
}
