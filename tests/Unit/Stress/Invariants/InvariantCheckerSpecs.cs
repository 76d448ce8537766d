using Supervisor.Stress.Invariants;
using Supervisor.Stress.Recording;

namespace Supervisor.Unit.Stress.Invariants;

public sealed class InvariantCheckerSpecs
{
    /// <summary>For each invariant a small error in a correct record that only this invariant must find.</summary>
    private static readonly Dictionary<string, Action<RecordBuilder>> Errors = new(StringComparer.Ordinal)
    {
        ["Unaffected servers keep their pid and generation"] = run =>
            run.AddSeen(run.Now(RecordBuilder.Untouched) with { At = RecordBuilder.At(700), Pid = 9_999, StartedAt = RecordBuilder.At(699), Generation = 40 }),

        ["Every saved change is served within the bound"] = run => run
            .Without<ChangeServed>(served => served.Job == 2)
            .Add(new ChangeLost(RecordBuilder.At(205), 2, RecordBuilder.Web, RecordBuilder.At(5), "a.py is served unchanged")),

        ["No request to a healthy service fails"] = run =>
            run.Add(new RequestFailed(RecordBuilder.At(690), RecordBuilder.Untouched, RecordBuilder.At(689.9), "connection reset")),

        ["Memory and CPU stay under their caps"] = run => run.With<ProcessSampled>(
            sample => sample.Process == "watcher", sample => sample with { PeakBytes = 150L << 20 }),

        ["Backoff is obeyed"] = run => run.With<WatcherSeen>(
            seen => seen.At > RecordBuilder.At(305), seen => seen with { StartedAt = RecordBuilder.At(305.05) }),

        ["Every fault of a process is recovered from"] = run => run
            .Add(new FaultBegan(RecordBuilder.At(650), 99, "watcher-kill", FaultTarget.Watcher, null, run.WatcherPid))
            .Add(new FaultEnded(RecordBuilder.At(651), 99, "watcher-kill", VictimDied: true, "died of SIGKILL")),

        ["The tree's own processes stay flat"] = run =>
        {
            foreach (var sample in run.Events.OfType<ProcessSampled>().Where(sample => sample.Process == "host calm"))
            {
                run.With<ProcessSampled>(
                    known => ReferenceEquals(known, sample), known => known with { Descriptors = 20 + (int)(known.At.TotalSeconds / 10) });
            }
        },

        ["The event log tells every restart with its cause"] = run => run.With<LedgerEntrySeen>(
            seen => seen.Entry is { Event: "reloaded" } && seen.Service == RecordBuilder.Web,
            seen => seen with { Entry = seen.Entry with { Event = "started", Cause = "crash", Files = [] } }),

        ["Nothing is left behind"] = run => run.Add(new LeftoverFound(RecordBuilder.At(719), "zombie", "python3 (pid 7)")),
    };

    public static TheoryData<string> Names => [.. Errors.Keys];

    [Fact]
    public void All_invariants_hold_for_a_correct_run_and_each_made_checks()
    {
        var runVerdict = InvariantChecker.Check(CorrectRun().Events);

        runVerdict.Verdicts.SelectMany(verdict => verdict.Violations).Should().BeEmpty();
        runVerdict.Verdicts.Should().OnlyContain(verdict => verdict.Checks > 0);
        runVerdict.Held.Should().BeTrue(runVerdict.Sentence);
        runVerdict.Sentence.Should().StartWith("Held: 9 invariants, ");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_single_error_violates_only_the_invariant_it_concerns(string invariant)
    {
        var run = CorrectRun();

        Errors[invariant](run);

        var runVerdict = InvariantChecker.Check(run.Events);
        runVerdict.Held.Should().BeFalse();
        runVerdict.Verdicts.Where(verdict => verdict.Violated > 0).Select(verdict => verdict.Name).Should().Equal(
            [invariant], string.Join("\n", runVerdict.Verdicts.SelectMany(verdict => verdict.Violations)));
    }

    [Fact]
    public void There_is_an_error_for_every_invariant() =>
        InvariantCatalogue.Create().Select(invariant => invariant.Name).Should().BeEquivalentTo(Errors.Keys);

    [Fact]
    public void A_run_without_faults_holds_and_names_what_was_not_applicable()
    {
        var runVerdict = InvariantChecker.Check(new RecordBuilder().Reload(RecordBuilder.Web, 100, 1).End(720).Events);

        runVerdict.Held.Should().BeTrue(runVerdict.Sentence);
        runVerdict.Verdicts.Where(verdict => verdict.Checks == 0).Select(verdict => verdict.NotApplicable)
            .Should().BeEquivalentTo("no process died", "no fault killed or hung a process");
    }

    [Fact]
    public void A_record_without_an_end_proves_nothing()
    {
        var runVerdict = InvariantChecker.Check(CorrectRun().Events.SkipLast(1));

        runVerdict.Held.Should().BeFalse();
        runVerdict.Sentence.Should().Be("Not proven: the record ends before the run does");
    }

    [Fact]
    public void An_invariant_without_checks_is_not_proven()
    {
        var runVerdict = InvariantChecker.Check(CorrectRun().Events.Where(runEvent => runEvent is not RequestsMade and not RequestFailed));

        runVerdict.Held.Should().BeFalse();
        runVerdict.Sentence.Should().Be("Not proven: No request to a healthy service fails (nothing to check)");
    }

    private static RecordBuilder CorrectRun() => new RecordBuilder()
        .Reload(RecordBuilder.Web, 100, job: 1)
        .Reload(RecordBuilder.Web, 200, job: 2)
        .Reload(RecordBuilder.InPlace, 250, job: 3)
        .WatcherFault(300)
        .WatcherFault(305, gap: 0.11)
        .ServerFault(RecordBuilder.Untouched, 350)
        .ServerFault(RecordBuilder.Web, 400, "server-leak", "oom")
        .HostFault(RecordBuilder.Web, 450)
        .ParentFault(500)
        .End(720);
}
