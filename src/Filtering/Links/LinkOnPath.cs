namespace Supervisor.Filtering.Links;

/// <summary>A link to a folder that a path to be explained leads through, or is.</summary>
/// <param name="Refusal">Null: it is followed.</param>
public sealed record LinkOnPath(string Path, string Target, LinkRefusal? Refusal)
{
    internal string Way => $"through the link {FileName.Printable(Path)} to {FileName.Printable(Target)}";

    internal string ReasonNotFollowed(bool followsLinks) =>
        $"the link {FileName.Printable(Path)} to {FileName.Printable(Target)} is not followed: {(followsLinks ? Refusal!.Reason : "\"followLinks\" is false")}";

    /// <summary>Every link to a folder on the way to the path, and whether it is followed. The filter has to know the ignore rules there.</summary>
    public static IReadOnlyList<LinkOnPath> Find(WatchFilter filter, string path)
    {
        var found = new List<LinkOnPath>();

        for (var end = path.IndexOf('/', 1); end > 0; end = end < path.Length ? Next(path, end) : 0)
        {
            var link = path[..end];

            // A watch path is followed whatever it is.
            if (new FileInfo(link).LinkTarget is null || filter.Roots.Contains(link, StringComparer.Ordinal) || filter.Enter(link) is not { Descends: true } within || LinkReader.Read(filter, link) is not { } folder)
                continue;

            var refusal = LinkPolicy.ReasonNotToFollow(filter, within, folder) ?? LinkReader.ReasonOfSize(folder.Target);
            found.Add(new LinkOnPath(link, folder.Target, refusal));

            if (refusal is null)
                filter.Links.Set(link, folder.Target);
        }

        return found;
    }

    private static int Next(string path, int end) => path.IndexOf('/', end + 1) is var slash and > 0 ? slash : path.Length;
}
