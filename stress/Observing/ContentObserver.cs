using Supervisor.Stress.Project;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Observing;

/// <summary>
/// The oracle of saved changes: what a job left on disk must come to be served. InMemoryRecord of each job by the runner, it looks at the folders between jobs and
/// at the servers while anything is owed. Thread-safe. Make it before the first job: the folders as they are then are where it begins.
/// </summary>
internal sealed class ContentObserver
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Twice the longest that anything may be owed: a change, and after it the whole.</summary>
    private static readonly TimeSpan SettleDeadline = (2 * PendingChanges.DisturbedBound) + TimeSpan.FromSeconds(30);

    private readonly IRecord _record;
    private readonly ProjectTree _project;

    // Guards what follows: the runner, the feed of the record and the lookers come from different threads. Held for decisions only.
    private readonly Lock _guard = new();
    private readonly DisturbedPeriods _disturbed = new();
    private readonly Dictionary<string, PendingChanges> _pending;

    public ContentObserver(IRecord record, ProjectTree project)
    {
        (_record, _project) = (record, project);
        _pending = project.Services.ToDictionary(
            service => service.Name, service => new PendingChanges(service.Name, OnDisk(service)), StringComparer.Ordinal);
    }

    /// <summary>A job is about to begin that has these services' folders to itself.</summary>
    public void Before(IEnumerable<ProjectService> services)
    {
        lock (_guard)
        {
            foreach (var service in services)
                _pending[service.Name].JobBegan();
        }
    }

    /// <summary>The job has ended and still has the folders to itself. Tells the end with all that it changed, and expects that to be served.</summary>
    /// <param name="ended">With nothing touched: that is found out here.</param>
    public void After(JobEnded ended, IEnumerable<ProjectService> services)
    {
        var left = services.Select(service => (service.Name, Files: OnDisk(service))).ToArray();
        lock (_guard)
        {
            // InMemoryRecord under the guard: what a job changed is never in the record as served before the job has ended there.
            _record.Append(ended with
            {
                Touched = [.. left.Select(folder => new TouchedFiles(folder.Name, _pending[folder.Name].JobEnded(ended.Job, folder.Files, ended.At)))],
            });
        }
    }

    /// <summary>To be told everything that the record is told: faults and backoffs excuse a delay.</summary>
    public void Apply(RunEvent runEvent)
    {
        lock (_guard)
            _disturbed.Apply(runEvent);
    }

    /// <summary>Looks at the servers that owe something, until stopping.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var client = new ServerClient(_record, Patience);
        await Task.WhenAll(_project.Services.Select(service =>
        {
            var looker = new ContentReader(service, client);
            return Periodic.RunAsync(PollInterval, () => LookAsync(service.Name, looker, stopping), stopping);
        }));
    }

    /// <summary>
    /// At the end, with no job running and <see cref="RunAsync"/> still going: returns once every change is served or lost and every service, also one that
    /// was never touched, has been seen to serve what is on disk, or has been given up.
    /// </summary>
    public async Task SettleAsync(CancellationToken stopping)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        deadline.CancelAfter(SettleDeadline);
        await NothingOwedAsync(deadline.Token);
        var onDisk = _project.Services.Select(service => (service.Name, Files: OnDisk(service))).ToArray();
        lock (_guard)
        {
            foreach (var folder in onDisk)
                _pending[folder.Name].ExpectAll(job: 0, folder.Files, _record.Now);
        }

        await NothingOwedAsync(deadline.Token);
    }

    private async Task LookAsync(string service, ContentReader looker, CancellationToken stopping)
    {
        if (!IsOpen(service))
            return;

        var seen = await looker.LookAsync(stopping);
        IReadOnlyList<RunEvent> news;
        lock (_guard)
            news = _pending[service].Observe(seen, _disturbed);
        foreach (var answer in news)
            _record.Append(answer);
    }

    private async Task NothingOwedAsync(CancellationToken deadline)
    {
        using var ticks = new PeriodicTimer(PollInterval);
        while (_pending.Keys.Any(IsOpen))
            await ticks.WaitForNextTickAsync(deadline);
    }

    private static IReadOnlyDictionary<string, string> OnDisk(ProjectService service) => SourceManifest.Read(service.Folder, service.Extension).Hashes;

    private bool IsOpen(string service)
    {
        lock (_guard)
            return _pending[service].IsOpen;
    }
}
