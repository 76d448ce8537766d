using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Supervisor.Tree.Harness;

/// <summary>
/// The content of a directory tree: every file with its content. A link to a file has that file's content, a link to a folder outside the tree that folder's
/// files, any other link its target. Skips pipes, sockets and names that are not UTF-8, which .NET cannot open.
/// </summary>
internal static partial class DiskContent
{
    private const char Undecodable = '\uFFFD';

    private static readonly EnumerationOptions All = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true };

    public static Dictionary<string, string> Read(string root) => Read(root, root);

    /// <param name="path">A file, a link, a folder, or a missing path.</param>
    /// <param name="root">Of the tree.</param>
    public static Dictionary<string, string> Read(string path, string root)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        ReadInto(found, new FileInfo(path), root);
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

    private static void ReadInto(Dictionary<string, string> found, FileSystemInfo entry, string root)
    {
        try
        {
            if (entry.FullName.Contains(Undecodable, StringComparison.Ordinal))
                return;

            var content = entry.LinkTarget is null ? entry : ContentOf(entry, root);

            if (content is null)
                found[entry.FullName] = "-> " + entry.LinkTarget;
            else if (Directory.Exists(content.FullName))
                ReadFolder(found, entry.FullName, root);
            else if (content is FileInfo { Exists: true } file)
                found[entry.FullName] = file.Length == 0 ? "" : File.ReadAllText(file.FullName, Encoding.Latin1);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It was removed during the read: it counts as missing.
        }
    }

    /// <summary>null: it leads nowhere, or to a folder of this tree or above it.</summary>
    private static FileSystemInfo? ContentOf(FileSystemInfo link, string root)
    {
        try
        {
            var target = link.ResolveLinkTarget(returnFinalTarget: true);
            return target is not null && (File.Exists(target.FullName) || (Directory.Exists(target.FullName) && !Holds(root, target.FullName) && !Holds(target.FullName, root)))
                ? target
                : null;
        }
        catch (IOException)
        {
            // It points at itself.
            return null;
        }
    }

    private static bool Holds(string folder, string path) => folder == "/" || path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);

    private static void ReadFolder(Dictionary<string, string> found, string folder, string root)
    {
        foreach (var name in Directory.EnumerateFileSystemEntries(folder, "*", All))
            ReadInto(found, new FileInfo(name), root);
    }

    [GeneratedRegex(@"\\(n|t|r|\\|x[0-9a-f]{2}|u[0-9a-f]{4})")]
    private static partial Regex Escape();
}
