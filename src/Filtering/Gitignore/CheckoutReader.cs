namespace Supervisor.Filtering.Gitignore;

/// <summary>
/// Reads what <see cref="CheckoutRule"/> decides from. What cannot be read makes no checkout: then the directory is watched like any other. Any
/// thread; blocks for the reading of small files.
/// </summary>
public static class CheckoutReader
{
    // The longest path, and more than git writes.
    private const int LongestLine = 4096;

    /// <summary>Adds <see cref="DirectoryMarkers.Checkout"/> to the markers of a directory's names, or takes it away.</summary>
    /// <param name="openAs">As for <see cref="IgnoreFileLoader.Read(string, DirectoryMarkers, string?)"/>.</param>
    public static DirectoryMarkers Mark(string directory, DirectoryMarkers markers, string? openAs = null)
    {
        markers &= ~DirectoryMarkers.Checkout;

        if (!markers.HasFlag(DirectoryMarkers.Repository))
            return markers;

        var git = Path.Combine(openAs ?? directory, ".git");
        var entry = Directory.Exists(git) ? GitEntry.Directory : File.Exists(git) ? GitEntry.File : GitEntry.None;
        var firstLine = entry == GitEntry.File ? FirstLine(directory, git) : "";

        // Only what is a checkout otherwise may be a submodule by its listing.
        return CheckoutRule.IsCheckout(entry, firstLine, isListed: false) && CheckoutRule.IsCheckout(entry, firstLine, IsListed(directory))
            ? markers | DirectoryMarkers.Checkout
            : markers;
    }

    /// <summary>The <c>.gitmodules</c>, there or not, of the repository that the directory lies in; null: it lies in none.</summary>
    public static string? ListingAbove(string directory)
    {
        for (var folder = Path.GetDirectoryName(directory); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Path.Exists(Path.Combine(folder, ".git")))
                return Path.Combine(folder, ".gitmodules");
        }

        return null;
    }

    private static bool IsListed(string directory)
    {
        if (ListingAbove(directory) is not { } listing || IgnoreFileLoader.ReadText(listing) is not { } text)
            return false;

        var relative = Path.GetRelativePath(Path.GetDirectoryName(listing)!, directory);

        return GitConfigFile.Parse(text).Any(setting =>
            setting.Name.StartsWith("submodule.", StringComparison.Ordinal) && setting.Name.EndsWith(".path", StringComparison.Ordinal)
            && setting.Value.TrimEnd('/') == relative);
    }

    /// <param name="openAs">The file itself, under the directory's descriptor as a rule: a link in it cannot be resolved by its text.</param>
    private static string FirstLine(string directory, string openAs)
    {
        try
        {
            var isLink = new FileInfo(openAs).LinkTarget is not null;
            var target = isLink ? File.ResolveLinkTarget(Path.Combine(directory, ".git"), returnFinalTarget: true)?.FullName : openAs;

            // A pipe or a device has no length, and reading it could block for ever.
            if (target is null || new FileInfo(target).Length == 0)
                return "";

            using var opened = File.OpenHandle(target, share: FileShare.ReadWrite | FileShare.Delete);
            var head = new byte[LongestLine];
            var line = head.AsSpan(0, RandomAccess.Read(opened, head, fileOffset: 0));
            return FileName.Decode(line.IndexOf((byte)'\n') is var end and >= 0 ? line[..end] : line);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Gone, or not readable.
            return "";
        }
    }
}
