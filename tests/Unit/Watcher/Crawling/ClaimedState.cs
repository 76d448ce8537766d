using Supervisor.Watcher.Delivery;
using Supervisor.Filtering;
using Supervisor.Watcher.Sources;

namespace Supervisor.Unit.Watcher.Crawling;

/// <summary>
/// What the parent has been told the disk to be, up to the cursor that it has applied: the log's state there. Free of when anybody reads a
/// file, unlike <see cref="ModelParent"/>, which in the midst of a storm may read what is there for a moment between two looks.
/// </summary>
internal sealed class ClaimedState : IStateSink
{
    private readonly Dictionary<string, FileState> _files = new(StringComparer.Ordinal);

    public static ClaimedState Load(string snapshot, string rulesHash, string? applied)
    {
        var claimed = new ClaimedState();
        Cursor.TryParse(applied, out var cursor).Should().BeTrue();
        ChangeLog.Load(snapshot, rulesHash, cursor, claimed).Should().BeOfType<LoadResult.Resumed>();
        return claimed;
    }

    /// <summary>Every file with what is said of its content.</summary>
    public IReadOnlyDictionary<string, string> Files => _files.ToDictionary(file => file.Key, file => ContentOf(file.Value), StringComparer.Ordinal);

    /// <summary>Every file for which the claim and what was told of it differ. Times may: what was rewritten with the same bytes is told to nobody.</summary>
    public IEnumerable<string> ContradictionsTo(IReadOnlyDictionary<string, string> told) =>
        told.Keys.Union(_files.Keys, StringComparer.Ordinal)
            .Where(path => !_files.TryGetValue(path, out var claimed) || !told.TryGetValue(path, out var text) || !IsSame(text, ContentOf(claimed)));

    /// <summary>Every file for which disk and claim differ.</summary>
    public IEnumerable<string> DifferencesTo(IReadOnlyDictionary<string, string> disk) =>
        disk.Keys.Union(_files.Keys, StringComparer.Ordinal)
            .Where(path => !disk.ContainsKey(path) || !_files.TryGetValue(path, out var claimed) || !IsStill(path, claimed));

    public void Set(ReadOnlySpan<char> path, in FileState state)
    {
        if (state.Kind == FileKind.Directory)
            _files.Remove(path.ToString());
        else
            _files[path.ToString()] = state;
    }

    public void Remove(ReadOnlySpan<char> path) => _files.Remove(path.ToString());

    private static string ContentOf(in FileState state) => $"{state.Kind} {state.Size} {state.ContentHash}";

    // A file that nobody has hashed yet may have been hashed since.
    private static bool IsSame(string told, string claimed) =>
        told == claimed
        || ((told.EndsWith(" 0", StringComparison.Ordinal) || claimed.EndsWith(" 0", StringComparison.Ordinal))
            && told[..told.LastIndexOf(' ')] == claimed[..claimed.LastIndexOf(' ')]);

    // Times may differ where the bytes do not: that is no change and is not told.
    private static bool IsStill(string path, FileState claimed)
    {
        var bytes = FileName.Encode(path + '\0');
        var found = FileLook.Stat(bytes, followLink: false);
        var hasSameTimes = found.ModifiedNs == claimed.ModifiedNs && found.IsSameInode(claimed) && found.Size == claimed.Size;
        return hasSameTimes || claimed.ContentHash == FileLook.ContentHash(bytes, found, new byte[FileLook.BufferSize]);
    }
}
