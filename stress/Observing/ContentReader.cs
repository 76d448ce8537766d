using Supervisor.Stress.Project;

namespace Supervisor.Stress.Observing;

/// <summary>Looks at what one service serves: at its digest each time, at the whole manifest only when that is new. Not thread-safe.</summary>
internal sealed class ContentReader(ProjectService service, ServerClient client)
{
    private const string DigestLine = "digest ";

    private readonly Uri _manifestAddress = new(service.Address, "manifest");
    private SourceManifest? _served;

    public async Task<ContentSnapshot> LookAsync(CancellationToken stopping)
    {
        var page = await client.GetAsync(service.Address, stopping);
        if (page.Body is null)
            return Trouble(page, page.Error);
        if (DigestIn(page.Body) is not { } digest)
            return Trouble(page, "the page has no digest");
        if (digest == _served?.Digest)
            return new ContentSnapshot(page.At, _served.Hashes, Trouble: null);

        var manifest = await client.GetAsync(_manifestAddress, stopping);
        if (manifest.Body is null)
            return Trouble(manifest, manifest.Error);

        try
        {
            // Two requests, and between them another server may have come: what counts is what the manifest says.
            _served = SourceManifest.Parse(manifest.Body);
            return new ContentSnapshot(manifest.At, _served.Hashes, Trouble: null);
        }
        catch (FormatException wrong)
        {
            return Trouble(manifest, wrong.Message);
        }
    }

    /// <summary>null: it is not the page of one of our servers.</summary>
    internal static string? DigestIn(string page) =>
        page.Split('\n').FirstOrDefault(line => line.StartsWith(DigestLine, StringComparison.Ordinal))?[DigestLine.Length..].Trim();

    private static ContentSnapshot Trouble(ServerResponse answer, string? trouble) => new(answer.At, Served: null, trouble);
}
