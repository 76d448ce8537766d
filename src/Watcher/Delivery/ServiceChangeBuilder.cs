using Supervisor.Watcher.Coalescing;
using Supervisor.Filtering;

namespace Supervisor.Watcher.Delivery;

/// <summary>
/// Builds the part of each service in a batch. Up to 100 names go on the wire, the rest is a number; a directory removed with
/// everything in it is one name. Made for one batch. A service without a relevant change is not in it.
/// </summary>
public sealed class ServiceChangeBuilder(WatchFilter filter)
{
    public const int MaxNames = 100;

    private readonly SortedDictionary<int, ServiceEntry> _entries = [];
    private readonly HashSet<string> _removedFolders = new(StringComparer.Ordinal);
    private readonly List<int> _wanting = [];
    private (string Folder, DirectoryInterest? Interest) _lastFolder = ("", null);

    public void Add(IReadOnlyList<NetChange> changes)
    {
        foreach (var change in changes)
        {
            if (change.IsDirectory && change.Kind == ChangeKind.Removed)
                _removedFolders.Add(change.Path);
        }

        foreach (var change in changes)
        {
            if (!change.IsDirectory)
                AddFile(change);
        }
    }

    /// <summary>A service that is in the batch wants the file.</summary>
    public bool Concerns(NetChange change)
    {
        if (change.IsDirectory || InterestIn(FolderOf(change.Path)) is not { } interest)
            return false;

        _wanting.Clear();
        filter.AddServices(interest, change.Path, _wanting);
        return _wanting.Exists(_entries.ContainsKey);
    }

    /// <summary>Lost track for the services that want files beneath the directory.</summary>
    public void LostTrack(DirectoryInterest interest)
    {
        foreach (var service in interest.ServiceIndexes)
            EntryOf(service).LostTrack = true;
    }

    /// <summary>Lost track for the services that want the file.</summary>
    public void LostTrack(DirectoryInterest interest, string file)
    {
        _wanting.Clear();
        filter.AddServices(interest, file, _wanting);

        foreach (var service in _wanting)
            EntryOf(service).LostTrack = true;
    }

    /// <summary>Lost track for the services with a watch path there or beneath.</summary>
    public void LostTrackBeneath(string directory)
    {
        _wanting.Clear();
        filter.AddServicesWithRootsIn(directory, _wanting);

        foreach (var service in _wanting)
            LostTrack(service);
    }

    /// <summary>Lost track for one service.</summary>
    public void LostTrack(int service) => EntryOf(service).LostTrack = true;

    /// <summary>Sent only if the batch has nothing else for the service.</summary>
    public void Unseen(int service, UnseenSpan span) => EntryOf(service).Unseen = span;

    public IReadOnlyList<ServiceChange> Build() =>
        [.. _entries.Select(entry => entry.Value.ToChange(filter.Services[entry.Key]))];

    private void AddFile(NetChange change)
    {
        if (InterestIn(FolderOf(change.Path)) is not { } interest)
            return;

        _wanting.Clear();
        filter.AddServices(interest, change.Path, _wanting);

        // Every name counts for its services; only then a removed folder takes its files' place.
        foreach (var service in _wanting.Distinct())
            EntryOf(service).Add(ShownAs(change));
    }

    // Children come before their parents among what was removed, and one folder's files come together: the last answer is mostly the next
    // one.
    private DirectoryInterest? InterestIn(string folder)
    {
        if (_lastFolder.Folder != folder)
            _lastFolder = (folder, filter.Enter(folder));

        return _lastFolder.Interest;
    }

    private string ShownAs(NetChange change)
    {
        var shown = change.Path;

        if (change.Kind != ChangeKind.Removed)
            return shown;

        for (var folder = FolderOf(change.Path); _removedFolders.Contains(folder); folder = FolderOf(folder))
            shown = folder;

        return shown;
    }

    private ServiceEntry EntryOf(int service)
    {
        if (!_entries.TryGetValue(service, out var entry))
            _entries.Add(service, entry = new ServiceEntry());

        return entry;
    }

    private static string FolderOf(string path) => path.LastIndexOf('/') is var slash and > 0 ? path[..slash] : "/";

    /// <summary>One service's part.</summary>
    private sealed class ServiceEntry
    {
        private readonly HashSet<string> _names = new(StringComparer.Ordinal);
        private int _more;

        public bool LostTrack { get; set; }

        public UnseenSpan? Unseen { get; set; }

        public void Add(string path)
        {
            if (_names.Contains(path))
                return;

            if (_names.Count < MaxNames)
                _names.Add(path);
            else
                _more++;
        }

        public ServiceChange ToChange(string service) =>
            new(service, [.. _names.Order(StringComparer.Ordinal).Select(FileName.Printable)], _more, LostTrack, IsChange ? null : Unseen);

        private bool IsChange => LostTrack || _names.Count > 0;
    }
}
