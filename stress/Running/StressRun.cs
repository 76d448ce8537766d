using Supervisor.Stress.Invariants;
using Supervisor.Stress.Live;
using Supervisor.Stress.Observing;
using Supervisor.Stress.Project;
using Supervisor.Stress.Recording;
using Supervisor.Stress.Report;
using Supervisor.Stress.Scheduling;

namespace Supervisor.Stress.Running;

/// <summary>One run, from creating its project to writing its report.</summary>
internal sealed class StressRun
{
    // Rate limit: the check of growth reads all samples.
    private static readonly TimeSpan VerdictInterval = TimeSpan.FromSeconds(5);

    private readonly RunOptions _options;
    private readonly ReportFolder _folder;
    private readonly InvariantChecker _checker = new();
    private IReadOnlyList<InvariantVerdict> _verdicts = [];
    private TimeSpan _nextVerdicts;

    private StressRun(RunOptions options) => (_options, _folder) = (options, ReportFolder.Create(options));

    /// <param name="interrupted">Ends the schedule early; the run still waits for pending changes, stops its tree and reports.</param>
    /// <returns>The result of all invariants.</returns>
    public static Task<RunVerdict> RunAsync(RunOptions options, CancellationToken interrupted) => new StressRun(options).RunAsync(interrupted);

    private async Task<RunVerdict> RunAsync(CancellationToken interrupted)
    {
        using var view = LiveViews.Choose(_options.Json);
        await using (var testBed = await TestBed.BuildAsync(_options.Plan.Seed))
        {
            await testBed.Tree.StartAsync();
            await RunAsync(testBed, view, interrupted);
            _folder.CopyLogs(testBed.Tree.Home);
        }

        var runVerdict = _checker.Verdict;
        HtmlReport.Write(_folder.Report, ReportModel.Of([.. RecordFile.Read(_folder.Record)], runVerdict, Path.GetFileName(_folder.Record)));
        view.Conclude(new RunResult(_options.Plan, runVerdict, _folder.Report, _folder.Record, RunEnvironmentProbe.ReplayCommand(_options.Plan)));
        return runVerdict;
    }

    private async Task RunAsync(TestBed testBed, ILiveView view, CancellationToken interrupted)
    {
        await using var file = new RecordFile(_folder.Record);
        ContentObserver? content = null;
        using var record = new RunRecord(file, [_checker.Apply, view.Apply, runEvent => Volatile.Read(ref content)?.Apply(runEvent)]);
        record.Append(new RunBegan(
            record.Now, _options.Plan, await RunEnvironmentProbe.ReadAsync(_options.Plan, InstalledTools.Local.Versions()), testBed.Services));
        Volatile.Write(ref content, new ContentObserver(record, testBed.Project));

        await using var observers = RunObservers.Begin(record, testBed, content, _options.Plan);
        var recording = record.RunAsync(() => Show(view, record.Now));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(interrupted, record.Broken);
        await RunScheduleAsync(testBed, content, record, ending.Token);
        await observers.ConcludeAsync(content);
        record.Append(new RunEnded(record.Now, interrupted.IsCancellationRequested ? "it was interrupted" : "the schedule is done"));
        record.Complete();
        await recording;
    }

    private void Show(ILiveView view, TimeSpan now)
    {
        if (now >= _nextVerdicts)
        {
            _verdicts = _checker.Verdict.Verdicts;
            _nextVerdicts = now + VerdictInterval;
        }

        view.Show(now, _verdicts);
    }

    private async Task RunScheduleAsync(TestBed testBed, ContentObserver content, RunRecord record, CancellationToken ending)
    {
        using var folders = new NamedLocks(testBed.Project.Services.Select(service => service.Name));
        using var faults = new FaultRunner(testBed.Project, testBed.Tree, testBed.Hook, record);
        using var runner = new ScheduleRunner(_options.Plan, new JobRunner(testBed.Project, folders, content, record), faults, record);
        await runner.RunAsync(Schedule.Of(_options.Plan, Scenarios.Named(_options.Plan.Scenario)), ending);
    }
}
