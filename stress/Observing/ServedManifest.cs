using System.Security.Cryptography;
using System.Text;

namespace Supervisor.Stress.Observing;

/// <summary>Reads what the project's servers say about what they have read: the page with its digest, and the manifest of hashes and paths.</summary>
internal static class ServedManifest
{
    private const string DigestLine = "digest ";
    private const int DigestLength = 16;

    /// <summary>null: it is not the page of one of our servers.</summary>
    public static string? DigestIn(string page) =>
        page.Split('\n').FirstOrDefault(line => line.StartsWith(DigestLine, StringComparison.Ordinal))?[DigestLine.Length..].Trim();

    public static string DigestOf(string manifest) => Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(manifest)))[..DigestLength];

    /// <summary>Path → hash. A line is "HASH PATH"; paths may hold blanks.</summary>
    public static IReadOnlyDictionary<string, string> Parse(string manifest) => manifest
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(' ', 2))
        .Where(fields => fields.Length == 2)
        .ToDictionary(fields => fields[1], fields => fields[0], StringComparer.Ordinal);
}
