using System.Security.Cryptography;
using System.Text;

namespace Supervisor.Stress.Project;

/// <summary>
/// All sources of a folder with the hashes of their contents at one moment; text and digest equal those of a server that has read the same. Immutable.
/// </summary>
internal sealed class SourceManifest
{
    private static readonly string[] FoldersWithoutSources = ["node_modules", "build", "__pycache__", "logs"];

    private readonly SortedDictionary<string, string> _hashes;

    private SourceManifest(IEnumerable<KeyValuePair<string, string>> hashes) =>
        _hashes = new SortedDictionary<string, string>(new Dictionary<string, string>(hashes, StringComparer.Ordinal), StringComparer.Ordinal);

    /// <summary>Path (relative, with slashes) to hash, by path.</summary>
    public IReadOnlyDictionary<string, string> Hashes => _hashes;

    /// <summary>The response of <c>GET /manifest</c>.</summary>
    public string Text => string.Concat(_hashes.Select(source => $"{source.Value} {source.Key}\n"));

    /// <summary>The second line of the response of <c>GET /</c>.</summary>
    public string Digest => Hash(Encoding.UTF8.GetBytes(Text), 16);

    /// <summary>Leaves out files that are removed while it reads.</summary>
    public static SourceManifest Read(string folder, string extension) => new(
        from path in Paths(folder, extension)
        let hash = HashOf(Path.Combine(folder, path))
        where hash is not null
        select KeyValuePair.Create(path, hash));

    /// <summary>Parses the text of a server.</summary>
    /// <exception cref="FormatException">The text is not a manifest.</exception>
    public static SourceManifest Parse(string text) => new(
        from line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        let blank = line.IndexOf(' ', StringComparison.Ordinal)
        select blank > 0 ? KeyValuePair.Create(line[(blank + 1)..], line[..blank]) : throw new FormatException($"'{line}' is not a line of a manifest."));

    /// <summary>The paths of all sources below a folder, without reading them; in no order.</summary>
    public static IEnumerable<string> Paths(string folder, string extension) =>
        Below(new DirectoryInfo(folder), extension).Select(file => Path.GetRelativePath(folder, file));

    public static ManifestDifference Difference(SourceManifest before, SourceManifest after) => new(
        [.. after._hashes.Where(source => before._hashes.TryGetValue(source.Key, out var hash) && hash != source.Value).Select(source => source.Key)],
        [.. after._hashes.Keys.Where(path => !before._hashes.ContainsKey(path))],
        [.. before._hashes.Keys.Where(path => !after._hashes.ContainsKey(path))]);

    private static IEnumerable<string> Below(DirectoryInfo folder, string extension)
    {
        foreach (var entry in Entries(folder).Where(entry => !entry.Name.StartsWith('.')))
        {
            if (entry is DirectoryInfo below)
            {
                if (!FoldersWithoutSources.Contains(below.Name, StringComparer.Ordinal))
                {
                    foreach (var file in Below(below, extension))
                        yield return file;
                }
            }
            else if (entry.Name.EndsWith(extension, StringComparison.Ordinal))
            {
                yield return entry.FullName;
            }
        }
    }

    private static FileSystemInfo[] Entries(DirectoryInfo folder)
    {
        try
        {
            return folder.GetFileSystemInfos();
        }
        catch (DirectoryNotFoundException)
        {
            return []; // Removed since it was listed.
        }
    }

    private static string? HashOf(string file)
    {
        try
        {
            return Hash(File.ReadAllBytes(file), 12);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null; // Removed since it was listed.
        }
    }

#pragma warning disable CA5350 // Not for security: it distinguishes contents.
    private static string Hash(byte[] bytes, int digits) => Convert.ToHexStringLower(SHA1.HashData(bytes))[..digits];
#pragma warning restore CA5350
}

/// <summary>Paths whose content differs, by kind, each in order.</summary>
internal sealed record ManifestDifference(IReadOnlyList<string> Changed, IReadOnlyList<string> Added, IReadOnlyList<string> Removed)
{
    public int Count => Changed.Count + Added.Count + Removed.Count;

    public IEnumerable<string> All => [.. Changed, .. Added, .. Removed];
}
