using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Supervisor.Tree.Harness;

/// <summary>
/// The content of a directory tree: every file with its content, every link with its target. Does not follow links, and skips pipes, sockets and names that
/// are not UTF-8, which .NET cannot open.
/// </summary>
internal static partial class DiskContent
{
    private const char Undecodable = '\uFFFD';

    private static readonly EnumerationOptions All = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true };

    /// <param name="path">A file, a link, a folder, or a missing path.</param>
    public static Dictionary<string, string> Read(string path)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        ReadInto(found, new FileInfo(path));
        return found;
    }

    /// <summary>The path with this printed form; null: it is not representable as a string.</summary>
    public static string? ParsePrinted(string printed)
    {
        var isText = true;
        var path = Escape().Replace(printed, escape =>
        {
            var written = escape.Value[1..];
            var code = written[0] switch
            {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                '\\' => '\\',
                _ => (char)int.Parse(written[1..], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            };
            isText &= written[0] != 'x' || code < 0x80;
            return code.ToString();
        });
        return isText ? path : null;
    }

    private static void ReadInto(Dictionary<string, string> found, FileSystemInfo entry)
    {
        try
        {
            if (entry.FullName.Contains(Undecodable, StringComparison.Ordinal))
                return;

            if (entry.LinkTarget is { } target)
                found[entry.FullName] = "-> " + target;
            else if (Directory.Exists(entry.FullName))
                ReadFolder(found, entry.FullName);
            else if (entry is FileInfo { Exists: true } file)
                found[entry.FullName] = file.Length == 0 ? "" : File.ReadAllText(file.FullName, Encoding.Latin1);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It was removed during the read: it counts as missing.
        }
    }

    private static void ReadFolder(Dictionary<string, string> found, string folder)
    {
        foreach (var name in Directory.EnumerateFileSystemEntries(folder, "*", All))
            ReadInto(found, new FileInfo(name));
    }

    [GeneratedRegex(@"\\(n|t|r|\\|x[0-9a-f]{2}|u[0-9a-f]{4})")]
    private static partial Regex Escape();
}
