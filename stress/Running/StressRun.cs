using Supervisor.Stress.Judging;
using Supervisor.Stress.Live;
using Supervisor.Stress.Observing;
using Supervisor.Stress.Project;
using Supervisor.Stress.Recording;
using Supervisor.Stress.Report;
using Supervisor.Stress.Scheduling;

namespace Supervisor.Stress.Running;

/// <summary>One run from the making of its project to the report about it.</summary>
internal sealed class StressRun
{
    // A verdict on growth looks at all samples there are.
    private static readonly TimeSpan BetweenVerdicts = TimeSpan.FromSeconds(5);

    private readonly RunWish _wish;
    private readonly ReportFolder _folder;
    private readonly Judge _judge = new();
    private IReadOnlyList<InvariantVerdict> _verdicts = [];
    private TimeSpan _nextVerdicts;

    private StressRun(RunWish wish) => (_wish, _folder) = (wish, ReportFolder.Create(wish));

    /// <param name="interrupted">Ends the schedule early; the run still settles, stops its tree and reports.</param>
    /// <returns>What the invariants say about all that was recorded.</returns>
    public static Task<Judgement> RunAsync(RunWish wish, CancellationToken interrupted) => new StressRun(wish).RunAsync(interrupted);

    private async Task<Judgement> RunAsync(CancellationToken interrupted)
    {
        using var view = LiveViews.Choose(_wish.Json);
        await using (var stage = await Stage.BuildAsync(_wish.Plan.Seed))
        {
            await stage.Tree.StartAsync();
            await PlayAsync(stage, view, interrupted);
            _folder.KeepLogs(stage.Tree.Home);
        }

        var judgement = _judge.Judgement;
        HtmlReport.Write(_folder.Report, ReportModel.Of([.. RecordFile.Read(_folder.Record)], judgement, Path.GetFileName(_folder.Record)));
        view.Conclude(new RunResult(_wish.Plan, judgement, _folder.Report, _folder.Record, Surroundings.Command(_wish.Plan)));
        return judgement;
    }

    private async Task PlayAsync(Stage stage, ILiveView view, CancellationToken interrupted)
    {
        await using var file = new RecordFile(_folder.Record);
        ContentObserver? content = null;
        using var record = new RunRecord(file, [_judge.See, view.See, happened => Volatile.Read(ref content)?.See(happened)]);
        record.Tell(new RunBegan(
            record.Now, _wish.Plan, await Surroundings.LookAsync(_wish.Plan, ToolBox.Here.Versions()), stage.Services));
        Volatile.Write(ref content, new ContentObserver(record, stage.Project));

        await using var observation = Observation.Begin(record, stage, content, _wish.Plan);
        var recording = record.RunAsync(() => Show(view, record.Now));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(interrupted, record.Broken);
        await PaceAsync(stage, content, record, ending.Token);
        await observation.ConcludeAsync(content);
        record.Tell(new RunEnded(record.Now, interrupted.IsCancellationRequested ? "it was interrupted" : "the schedule is done"));
        record.Complete();
        await recording;
    }

    private void Show(ILiveView view, TimeSpan now)
    {
        if (now >= _nextVerdicts)
        {
            _verdicts = _judge.Judgement.Verdicts;
            _nextVerdicts = now + BetweenVerdicts;
        }

        view.Show(now, _verdicts);
    }

    private async Task PaceAsync(Stage stage, ContentObserver content, RunRecord record, CancellationToken ending)
    {
        using var folders = new Exclusive(stage.Project.Services.Select(service => service.Name));
        using var faults = new FaultRunner(stage.Project, stage.Tree, stage.Hook, record);
        using var pace = new Pace(_wish.Plan, new JobRunner(stage.Project, folders, content, record), faults, record);
        await pace.RunAsync(Schedule.Of(_wish.Plan, Scenarios.Named(_wish.Plan.Scenario)), ending);
    }
}
