using System.Security.Cryptography;
using System.Text;

namespace Supervisor.Puppet;

/// <summary>All sources of a folder as they were when they were read: a line "HASH PATH" for each, by path.</summary>
internal sealed record SourceListing(string Text)
{
    private static readonly string[] NoSources = ["node_modules", "build", "__pycache__", "logs"];

    public string Digest { get; } = Hash(Encoding.UTF8.GetBytes(Text), 16);

    public static SourceListing Read(string folder, string extension) => new(string.Concat(
        Files(new DirectoryInfo(folder), extension)
            .Select(file => Path.GetRelativePath(folder, file))
            .Order(StringComparer.Ordinal)
            .Select(file => Line(folder, file))));

    private static IEnumerable<string> Files(DirectoryInfo folder, string extension)
    {
        FileSystemInfo[] entries;
        try
        {
            entries = folder.GetFileSystemInfos();
        }
        catch (DirectoryNotFoundException)
        {
            return []; // Removed since it was listed: a change that came after we began.
        }

        var visible = entries.Where(entry => !entry.Name.StartsWith('.')).ToArray();
        return
        [
            .. visible.OfType<FileInfo>().Where(file => file.Name.EndsWith(extension, StringComparison.Ordinal)).Select(file => file.FullName),
            .. visible.OfType<DirectoryInfo>().Where(below => !NoSources.Contains(below.Name, StringComparer.Ordinal))
                .SelectMany(below => Files(below, extension)),
        ];
    }

    private static string Line(string folder, string file)
    {
        try
        {
            return $"{Hash(File.ReadAllBytes(Path.Combine(folder, file)), 12)} {file}\n";
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return ""; // As above.
        }
    }

#pragma warning disable CA5350 // Not against an enemy: it tells one content from another.
    private static string Hash(byte[] bytes, int digits) => Convert.ToHexStringLower(SHA1.HashData(bytes))[..digits];
#pragma warning restore CA5350
}
