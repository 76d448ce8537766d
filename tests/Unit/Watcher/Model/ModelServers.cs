
namespace Supervisor.Unit.Watcher.Model;

/// <summary>
/// One server per service, each of which reads all its files at its start, which takes a while, and serves what it read. It is restarted for every change, and
/// for what went unseen if it may have read that: by the same rule as a host. If in the end it serves the disk, no change was lost. One caller at a time.
/// </summary>
internal sealed class ModelServers
{
    private readonly TestDirectory _directory;
    private readonly (DateTimeOffset Begun, DateTimeOffset Ended)[] _reading;
    private readonly IReadOnlyDictionary<string, FileContent>[] _served;

    public ModelServers(TestDirectory directory)
    {
        _directory = directory;
        _reading = new (DateTimeOffset, DateTimeOffset)[directory.Filter.Services.Count];
        _served = new IReadOnlyDictionary<string, FileContent>[directory.Filter.Services.Count];
        Start(Enumerable.Range(0, _served.Length));
    }

    public int Starts { get; private set; }

    public void Apply(IReadOnlyList<ServiceChange> changes) =>
        Start([.. changes.Where(MustRead).Select(change => ServiceOf(change.Service))]);

    /// <summary>Every file that a server has read and that is another one by now.</summary>
    public IEnumerable<string> Stale(DiskImage disk)
    {
        for (var service = 0; service < _served.Length; service++)
        {
            var (served, now) = (_served[service], disk[service]);

            foreach (var path in served.Keys.Union(now.Keys, StringComparer.Ordinal))
            {
                if (!served.TryGetValue(path, out var read) || !now.TryGetValue(path, out var found) || read != found)
                    yield return $"{_directory.Filter.Services[service]} {path}";
            }
        }
    }

    private bool MustRead(ServiceChange change)
    {
        var (begun, ended) = _reading[ServiceOf(change.Service)];
        return change.Unseen is null || (begun <= change.Unseen.Until && ended >= change.Unseen.Since);
    }

    private int ServiceOf(string name) => _directory.Filter.Services.Index().First(service => service.Item == name).Index;

    private void Start(IEnumerable<int> services)
    {
        if (!services.Any())
            return;

        var begun = DateTimeOffset.UtcNow;
        var image = DiskImage.Read(_directory);
        var ended = DateTimeOffset.UtcNow;

        foreach (var service in services)
        {
            _reading[service] = (begun, ended);
            _served[service] = image[service];
            Starts++;
        }
    }
}
