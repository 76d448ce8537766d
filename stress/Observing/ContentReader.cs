using Supervisor.Stress.Project;

namespace Supervisor.Stress.Observing;

/// <summary>Reads what one service serves: the digest each time, the whole manifest only when the digest is new. Not thread-safe.</summary>
internal sealed class ContentReader(ProjectService service, ServerClient client)
{
    private const string DigestLine = "digest ";

    private readonly Uri _manifestAddress = new(service.Address, "manifest");
    private SourceManifest? _served;

    public async Task<ContentSnapshot> ReadAsync(CancellationToken stopping)
    {
        var page = await client.GetAsync(service.Address, stopping);
        if (page.Body is null)
            return Failed(page, page.Error);
        if (DigestIn(page.Body) is not { } digest)
            return Failed(page, "the page has no digest");
        if (digest == _served?.Digest)
            return new ContentSnapshot(page.At, _served.Hashes, Trouble: null);

        var manifest = await client.GetAsync(_manifestAddress, stopping);
        if (manifest.Body is null)
            return Failed(manifest, manifest.Error);

        try
        {
            // Another server may have answered the second request: the manifest counts.
            _served = SourceManifest.Parse(manifest.Body);
            return new ContentSnapshot(manifest.At, _served.Hashes, Trouble: null);
        }
        catch (FormatException wrong)
        {
            return Failed(manifest, wrong.Message);
        }
    }

    /// <summary>null: the page is not from a server of the project.</summary>
    internal static string? DigestIn(string page) =>
        page.Split('\n').FirstOrDefault(line => line.StartsWith(DigestLine, StringComparison.Ordinal))?[DigestLine.Length..].Trim();

    private static ContentSnapshot Failed(ServerResponse answer, string? trouble) => new(answer.At, Served: null, trouble);
}
