
namespace Supervisor.Unit.Watcher.Model;

/// <summary>
/// The state of the disk according to the delivered batches alone: for every file that a batch named, its state in the watcher's log at that batch.
/// If it differs from the log in the end, the log contains a change that was never delivered. One caller at a time.
/// </summary>
internal sealed class DeliveredState(TestDirectory directory)
{
    private readonly Dictionary<string, string>[] _services =
        [.. directory.Filter.Services.Select(_ => new Dictionary<string, string>(StringComparer.Ordinal))];

    // The log did not hold the cursor of a batch.
    private bool _isUnsure;

    /// <summary>Copies the logged state without a delivery: at the beginning, or after what cannot be checked.</summary>
    public void Take(LoggedState? claim)
    {
        _isUnsure = claim is null;

        for (var service = 0; service < _services.Length; service++)
            TakeAll(service, claim?.ByService());
    }

    public void Apply(ChangeBatch batch)
    {
        if (LoggedState.TryLoad(directory, batch.Cursor)?.ByService() is not { } claims)
        {
            _isUnsure = true;
            return;
        }

        foreach (var change in batch.Services.Where(change => change.Unseen is null))
        {
            var service = directory.Filter.Services.Index().First(known => known.Item == change.Service).Index;

            if (change.LostTrack || change.More > 0)
                TakeAll(service, claims);
            else
                Take(service, change.Files, claims[service]);
        }
    }

    public IEnumerable<string> DifferencesFrom(LoggedState claim)
    {
        if (_isUnsure)
            yield break;

        var claims = claim.ByService();

        for (var service = 0; service < _services.Length; service++)
        {
            var (told, claimed) = (_services[service], claims[service]);

            foreach (var path in told.Keys.Union(claimed.Keys, StringComparer.Ordinal))
            {
                if (!told.TryGetValue(path, out var known) || !claimed.TryGetValue(path, out var said) || LoggedState.Contradict(known, said))
                    yield return $"{directory.Filter.Services[service]} {path} (told: {told.GetValueOrDefault(path, "nothing")}; claimed: {claimed.GetValueOrDefault(path, "nothing")})";
            }
        }
    }

    private void TakeAll(int service, IReadOnlyList<IReadOnlyDictionary<string, string>>? claims)
    {
        _services[service].Clear();

        foreach (var (path, said) in claims?[service] ?? new Dictionary<string, string>(StringComparer.Ordinal))
            _services[service][path] = said;
    }

    // A name may stand for a folder that went with everything in it.
    private void Take(int service, IReadOnlyList<string> names, IReadOnlyDictionary<string, string> claimed)
    {
        var known = _services[service];
        var meant = names.ToHashSet(StringComparer.Ordinal);

        foreach (var path in known.Keys.Union(claimed.Keys, StringComparer.Ordinal).Where(path => Covers(path, meant)).ToArray())
        {
            if (claimed.TryGetValue(path, out var said))
                known[path] = said;
            else
                known.Remove(path);
        }
    }

    private static bool Covers(string path, HashSet<string> names)
    {
        for (var end = path.Length; end > 0; end = path.LastIndexOf('/', end - 1))
        {
            if (names.GetAlternateLookup<ReadOnlySpan<char>>().Contains(path.AsSpan(0, end)))
                return true;
        }

        return false;
    }
}
