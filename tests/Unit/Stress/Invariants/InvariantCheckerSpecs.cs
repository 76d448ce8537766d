using Supervisor.Stress.Invariants;
using Supervisor.Stress.Recording;

namespace Supervisor.Unit.Stress.Invariants;

public sealed class InvariantCheckerSpecs
{
    /// <summary>For each invariant the smallest lie about a good night that I know: it alone must notice.</summary>
    private static readonly Dictionary<string, Action<RecordBuilder>> Lies = new(StringComparer.Ordinal)
    {
        ["Unaffected servers keep their pid and generation"] = story =>
            story.Apply(story.Now(RecordBuilder.Calm) with { At = RecordBuilder.At(700), Pid = 9_999, StartedAt = RecordBuilder.At(699), Generation = 40 }),

        ["Every saved change is served within the bound"] = story => story
            .Without<ChangeServed>(served => served.Job == 2)
            .Add(new ChangeLost(RecordBuilder.At(205), 2, RecordBuilder.Web, RecordBuilder.At(5), "a.py is served as it was")),

        ["No request to a healthy service fails"] = story =>
            story.Add(new RequestFailed(RecordBuilder.At(690), RecordBuilder.Calm, RecordBuilder.At(689.9), "connection reset")),

        ["Memory and CPU stay under their caps"] = story => story.With<ProcessSampled>(
            sample => sample.Process == "watcher", sample => sample with { PeakBytes = 150L << 20 }),

        ["Backoff is obeyed"] = story => story.With<WatcherSeen>(
            seen => seen.At > RecordBuilder.At(305), seen => seen with { StartedAt = RecordBuilder.At(305.05) }),

        ["Every fault of a process is recovered from"] = story => story
            .Add(new FaultBegan(RecordBuilder.At(650), 99, "watcher-kill", FaultTarget.Watcher, null, story.WatcherPid))
            .Add(new FaultEnded(RecordBuilder.At(651), 99, "watcher-kill", VictimDied: true, "died of SIGKILL")),

        ["The tree's own processes stay flat"] = story =>
        {
            foreach (var sample in story.Events.OfType<ProcessSampled>().Where(sample => sample.Process == "host calm"))
            {
                story.With<ProcessSampled>(
                    known => ReferenceEquals(known, sample), known => known with { Descriptors = 20 + (int)(known.At.TotalSeconds / 10) });
            }
        },

        ["The event log tells every restart with its cause"] = story => story.With<LedgerEntrySeen>(
            seen => seen.Entry is { Event: "reloaded" } && seen.Service == RecordBuilder.Web,
            seen => seen with { Entry = seen.Entry with { Event = "started", Cause = "crash", Files = [] } }),

        ["Nothing is left behind"] = story => story.Add(new LeftoverFound(RecordBuilder.At(719), "zombie", "python3 (pid 7)")),
    };

    public static TheoryData<string> Names => [.. Lies.Keys];

    [Fact]
    public void A_good_night_holds_and_every_invariant_has_looked()
    {
        var runVerdict = InvariantChecker.Check(GoodNight().Events);

        runVerdict.Verdicts.SelectMany(verdict => verdict.Violations).Should().BeEmpty();
        runVerdict.Verdicts.Should().OnlyContain(verdict => verdict.Checks > 0);
        runVerdict.Held.Should().BeTrue(runVerdict.Sentence);
        runVerdict.Sentence.Should().StartWith("Held: 9 invariants, ");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void One_lie_is_noticed_by_the_one_invariant_that_it_is_about(string invariant)
    {
        var night = GoodNight();

        Lies[invariant](night);

        var runVerdict = InvariantChecker.Check(night.Events);
        runVerdict.Held.Should().BeFalse();
        runVerdict.Verdicts.Where(verdict => verdict.Violated > 0).Select(verdict => verdict.Name).Should().Equal(
            [invariant], string.Join("\n", runVerdict.Verdicts.SelectMany(verdict => verdict.Violations)));
    }

    [Fact]
    public void There_is_a_lie_for_every_invariant() =>
        InvariantCatalogue.Create().Select(invariant => invariant.Name).Should().BeEquivalentTo(Lies.Keys);

    [Fact]
    public void A_night_without_faults_holds_and_says_what_it_had_no_occasion_to_prove()
    {
        var runVerdict = InvariantChecker.Check(new RecordBuilder().Reload(RecordBuilder.Web, 100, 1).End(720).Events);

        runVerdict.Held.Should().BeTrue(runVerdict.Sentence);
        runVerdict.Verdicts.Where(verdict => verdict.Checks == 0).Select(verdict => verdict.NotApplicable)
            .Should().BeEquivalentTo("nothing has died", "no fault has killed or hung a process");
    }

    [Fact]
    public void A_record_without_an_end_proves_nothing()
    {
        var runVerdict = InvariantChecker.Check(GoodNight().Events.SkipLast(1));

        runVerdict.Held.Should().BeFalse();
        runVerdict.Sentence.Should().Be("Not proven: the record ends before the run does");
    }

    [Fact]
    public void An_invariant_that_never_looked_is_not_proven()
    {
        var runVerdict = InvariantChecker.Check(GoodNight().Events.Where(runEvent => runEvent is not RequestsMade and not RequestFailed));

        runVerdict.Held.Should().BeFalse();
        runVerdict.Sentence.Should().Be("Not proven: No request to a healthy service fails (nothing was there to look at)");
    }

    private static RecordBuilder GoodNight() => new RecordBuilder()
        .Reload(RecordBuilder.Web, 100, job: 1)
        .Reload(RecordBuilder.Web, 200, job: 2)
        .Reload(RecordBuilder.InPlace, 250, job: 3)
        .WatcherFault(300)
        .WatcherFault(305, gap: 0.11)
        .ServerFault(RecordBuilder.Calm, 350)
        .ServerFault(RecordBuilder.Web, 400, "server-leak", "oom")
        .HostFault(RecordBuilder.Web, 450)
        .ParentFault(500)
        .End(720);
}
