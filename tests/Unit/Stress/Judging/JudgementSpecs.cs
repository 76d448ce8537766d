using Supervisor.Stress.Judging;
using Supervisor.Stress.Recording;

namespace Supervisor.Unit.Stress.Judging;

public sealed class JudgementSpecs
{
    /// <summary>For each invariant the smallest lie about a good night that I know: it alone must notice.</summary>
    private static readonly Dictionary<string, Action<Story>> Lies = new(StringComparer.Ordinal)
    {
        ["Unaffected servers keep their pid and generation"] = story =>
            story.See(story.Now(Story.Calm) with { At = Story.At(700), Pid = 9_999, StartedAt = Story.At(699), Generation = 40 }),

        ["Every saved change is served within the bound"] = story => story
            .Without<ChangeServed>(served => served.Job == 2)
            .Add(new ChangeLost(Story.At(205), 2, Story.Web, Story.At(5), "a.py is served as it was")),

        ["No request to a healthy service fails"] = story =>
            story.Add(new RequestFailed(Story.At(690), Story.Calm, Story.At(689.9), "connection reset")),

        ["Memory and CPU stay under their caps"] = story => story.With<ProcessSampled>(
            sample => sample.Process == "watcher", sample => sample with { PeakBytes = 150L << 20 }),

        ["Backoff is obeyed"] = story => story.With<WatcherSeen>(
            seen => seen.At > Story.At(305), seen => seen with { StartedAt = Story.At(305.05) }),

        ["Every fault of a process is recovered from"] = story => story
            .Add(new FaultBegan(Story.At(650), 99, "watcher-kill", FaultTarget.Watcher, null, story.WatcherPid))
            .Add(new FaultEnded(Story.At(651), 99, "watcher-kill", VictimDied: true, "died of SIGKILL")),

        ["The tree's own processes stay flat"] = story =>
        {
            foreach (var sample in story.Events.OfType<ProcessSampled>().Where(sample => sample.Process == "host calm"))
            {
                story.With<ProcessSampled>(
                    known => ReferenceEquals(known, sample), known => known with { Descriptors = 20 + (int)(known.At.TotalSeconds / 10) });
            }
        },

        ["The event log tells every restart with its cause"] = story => story.With<LedgerSaid>(
            said => said.Entry is { Event: "reloaded" } && said.Service == Story.Web,
            said => said with { Entry = said.Entry with { Event = "started", Cause = "crash", Files = [] } }),

        ["Nothing is left behind"] = story => story.Add(new LeftBehindFound(Story.At(719), "zombie", "python3 (pid 7)")),
    };

    public static TheoryData<string> Names => [.. Lies.Keys];

    [Fact]
    public void A_good_night_holds_and_every_invariant_has_looked()
    {
        var judgement = Judge.Of(GoodNight().Events);

        judgement.Verdicts.SelectMany(verdict => verdict.Violations).Should().BeEmpty();
        judgement.Verdicts.Should().OnlyContain(verdict => verdict.Checks > 0);
        judgement.Held.Should().BeTrue(judgement.Sentence);
        judgement.Sentence.Should().StartWith("Held: 9 invariants, ");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void One_lie_is_noticed_by_the_one_invariant_that_it_is_about(string invariant)
    {
        var night = GoodNight();

        Lies[invariant](night);

        var judgement = Judge.Of(night.Events);
        judgement.Held.Should().BeFalse();
        judgement.Verdicts.Where(verdict => verdict.Violated > 0).Select(verdict => verdict.Name).Should().Equal(
            [invariant], string.Join("\n", judgement.Verdicts.SelectMany(verdict => verdict.Violations)));
    }

    [Fact]
    public void There_is_a_lie_for_every_invariant() =>
        Invariants.ForRun().Select(invariant => invariant.Name).Should().BeEquivalentTo(Lies.Keys);

    [Fact]
    public void A_night_without_faults_holds_and_says_what_it_had_no_occasion_to_prove()
    {
        var judgement = Judge.Of(new Story().Reload(Story.Web, 100, 1).End(720).Events);

        judgement.Held.Should().BeTrue(judgement.Sentence);
        judgement.Verdicts.Where(verdict => verdict.Checks == 0).Select(verdict => verdict.NotApplicable)
            .Should().BeEquivalentTo("nothing has died", "no fault has killed or hung a process");
    }

    [Fact]
    public void A_record_without_an_end_proves_nothing()
    {
        var judgement = Judge.Of(GoodNight().Events.SkipLast(1));

        judgement.Held.Should().BeFalse();
        judgement.Sentence.Should().Be("Not proven: the record ends before the run does");
    }

    [Fact]
    public void An_invariant_that_never_looked_is_not_proven()
    {
        var judgement = Judge.Of(GoodNight().Events.Where(happened => happened is not RequestsMade and not RequestFailed));

        judgement.Held.Should().BeFalse();
        judgement.Sentence.Should().Be("Not proven: No request to a healthy service fails (nothing was there to look at)");
    }

    private static Story GoodNight() => new Story()
        .Reload(Story.Web, 100, job: 1)
        .Reload(Story.Web, 200, job: 2)
        .Reload(Story.InPlace, 250, job: 3)
        .WatcherFault(300)
        .WatcherFault(305, gap: 0.11)
        .ServerFault(Story.Calm, 350)
        .ServerFault(Story.Web, 400, "server-leak", "oom")
        .HostFault(Story.Web, 450)
        .ParentFault(500)
        .End(720);
}
