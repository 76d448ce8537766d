using Supervisor.Stress.Project;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Observing;

/// <summary>
/// Checks that every change a job leaves on disk is served. The runner reports each job; the observer compares the folders before and after, and reads the
/// servers while a change is pending. Thread-safe. Create it before the first job: it starts from the folders as they are then.
/// </summary>
internal sealed class ContentObserver
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Twice the longest time a change may be pending: the changes first, then the whole folder.</summary>
    private static readonly TimeSpan ServedDeadline = (2 * PendingChanges.DisturbedBound) + TimeSpan.FromSeconds(30);

    private readonly IRecord _record;
    private readonly ProjectTree _project;

    // Guards the fields below: the runner, the record's feed and the readers run on different threads. Held for decisions only.
    private readonly Lock _guard = new();
    private readonly DisturbedPeriods _disturbed = new();
    private readonly Dictionary<string, PendingChanges> _pending;

    public ContentObserver(IRecord record, ProjectTree project)
    {
        (_record, _project) = (record, project);
        _pending = project.Services.ToDictionary(
            service => service.Name, service => new PendingChanges(service.Name, OnDisk(service)), StringComparer.Ordinal);
    }

    /// <summary>Call before a job that has exclusive access to the folders of these services.</summary>
    public void BeforeJob(IEnumerable<ProjectService> services)
    {
        lock (_guard)
        {
            foreach (var service in services)
                _pending[service.Name].JobBegan();
        }
    }

    /// <summary>
    /// Call when the job has ended and still has exclusive access to the folders. Records the end with all that it changed, and expects that to be served.
    /// </summary>
    /// <param name="ended">The event without the changed files, which are found here.</param>
    public void AfterJob(JobEnded ended, IEnumerable<ProjectService> services)
    {
        var left = services.Select(service => (service.Name, Files: OnDisk(service))).ToArray();
        lock (_guard)
        {
            // Recorded under the lock: a change of a job is never recorded as served before the end of the job.
            _record.Append(ended with
            {
                Touched = [.. left.Select(folder => new TouchedFiles(folder.Name, _pending[folder.Name].JobEnded(ended.Job, folder.Files, ended.At)))],
            });
        }
    }

    /// <summary>Call with every event of the record: faults and backoffs extend the bound.</summary>
    public void Apply(RunEvent runEvent)
    {
        lock (_guard)
            _disturbed.Apply(runEvent);
    }

    /// <summary>Reads the servers with pending changes, until stopping.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var client = new ServerClient(_record, RequestTimeout);
        await Task.WhenAll(_project.Services.Select(service =>
        {
            var reader = new ContentReader(service, client);
            return Periodic.RunAsync(PollInterval, () => CheckAsync(service.Name, reader, stopping), stopping);
        }));
    }

    /// <summary>
    /// Call at the end, with no job running and <see cref="RunAsync"/> still active. Returns once every change is served or lost, and every service,
    /// including one that was never touched, serves what is on disk or is declared lost.
    /// </summary>
    public async Task WaitUntilServedAsync(CancellationToken stopping)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        deadline.CancelAfter(ServedDeadline);
        await WaitUntilNothingPendingAsync(deadline.Token);
        var onDisk = _project.Services.Select(service => (service.Name, Files: OnDisk(service))).ToArray();
        lock (_guard)
        {
            foreach (var folder in onDisk)
                _pending[folder.Name].ExpectAll(job: 0, folder.Files, _record.Now);
        }

        await WaitUntilNothingPendingAsync(deadline.Token);
    }

    private async Task CheckAsync(string service, ContentReader reader, CancellationToken stopping)
    {
        if (!IsPending(service))
            return;

        var seen = await reader.ReadAsync(stopping);
        IReadOnlyList<RunEvent> results;
        lock (_guard)
            results = _pending[service].Observe(seen, _disturbed);
        foreach (var result in results)
            _record.Append(result);
    }

    private async Task WaitUntilNothingPendingAsync(CancellationToken deadline)
    {
        using var ticks = new PeriodicTimer(PollInterval);
        while (_pending.Keys.Any(IsPending))
            await ticks.WaitForNextTickAsync(deadline);
    }

    private static IReadOnlyDictionary<string, string> OnDisk(ProjectService service) => SourceManifest.Read(service.Folder, service.Extension).Hashes;

    private bool IsPending(string service)
    {
        lock (_guard)
            return _pending[service].IsPending;
    }
}
