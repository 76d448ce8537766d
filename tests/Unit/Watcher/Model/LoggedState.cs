using System.Globalization;
using Supervisor.Filtering;
using Supervisor.Watcher.Delivery;
using Supervisor.Watcher.Sources;

namespace Supervisor.Unit.Watcher.Model;

/// <summary>
/// The state in the watcher's log at a cursor: the baseline of the next watcher. Does not depend on when anybody reads a file.
/// </summary>
internal sealed class LoggedState : IStateSink
{
    private readonly Dictionary<string, FileState> _files = new(StringComparer.Ordinal);
    private readonly WatchFilter _filter;
    private readonly CompareMode _compare;

    private LoggedState(TestDirectory directory) => (_filter, _compare) = (directory.Filter, directory.Settings.Compare);

    /// <summary>Null: the log does not hold the cursor.</summary>
    public static LoggedState? TryLoad(TestDirectory directory, string? applied)
    {
        var claim = new LoggedState(directory);
        return Cursor.TryParse(applied, out var cursor)
            && ChangeLog.Load(directory.Snapshot, directory.Filter.RulesHash, cursor, claim) is LoadResult.Resumed ? claim : null;
    }

    /// <summary>What is said of every file that a service wants, by printable path.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> ByService()
    {
        var services = _filter.Services.Select(_ => new Dictionary<string, string>(StringComparer.Ordinal)).ToArray();
        var interests = new Dictionary<string, DirectoryInterest?>(StringComparer.Ordinal);
        var wanting = new List<int>();

        foreach (var (path, state) in _files)
        {
            var folder = Path.GetDirectoryName(path)!;

            if (!interests.TryGetValue(folder, out var interest))
                interests[folder] = interest = _filter.Enter(folder);

            if (interest is null)
                continue;

            wanting.Clear();
            _filter.AddServices(interest, path, wanting);

            foreach (var service in wanting)
                services[service][FileName.Printable(path)] = Words(state);
        }

        return services;
    }

    /// <summary>Whether two descriptions of one file contradict each other. A missing hash contradicts nothing.</summary>
    public static bool Contradict(string one, string other) =>
        one != other
        && ((!one.EndsWith(" 0", StringComparison.Ordinal) && !other.EndsWith(" 0", StringComparison.Ordinal))
            || one[..one.LastIndexOf(' ')] != other[..other.LastIndexOf(' ')]);

    /// <summary>Every path for which disk and log differ.</summary>
    public IEnumerable<string> DifferencesTo(IReadOnlyDictionary<string, FileState> disk) =>
        disk.Keys.Union(_files.Keys, StringComparer.Ordinal)
            .Where(path => !disk.TryGetValue(path, out var found) || !_files.TryGetValue(path, out var claimed) || !IsStill(path, claimed, found))
            .Select(path => $"{FileName.Printable(path)} (claimed: {Words(_files, path)}; found: {Words(disk, path)})");

    void IStateSink.Set(ReadOnlySpan<char> path, in FileState state)
    {
        if (state.Kind is FileKind.File or FileKind.Link)
            _files[path.ToString()] = state;
        else
            _files.Remove(path.ToString());
    }

    void IStateSink.Remove(ReadOnlySpan<char> path) => _files.Remove(path.ToString());

    private string Words(IReadOnlyDictionary<string, FileState> files, string path) =>
        files.TryGetValue(path, out var state) ? Words(state) : "nothing";

    // Times count when metadata is compared; they may differ when content is.
    private string Words(in FileState state) => _compare == CompareMode.Metadata
        ? string.Create(CultureInfo.InvariantCulture, $"{state.Kind} {state.Size} {state.ModifiedNs} {state.Inode}.")
        : string.Create(CultureInfo.InvariantCulture, $"{state.Kind} {state.Size} {state.ContentHash}");

    private static bool IsStill(string path, in FileState claimed, in FileState found) =>
        claimed.HasSameStat(found)
        || (claimed.ContentHash != 0 && claimed.Kind == found.Kind
            && claimed.ContentHash == FileInspector.ContentHash(NativeDisk.Bytes(path), found, new byte[FileInspector.BufferSize], followLink: found.Kind == FileKind.File));
}
