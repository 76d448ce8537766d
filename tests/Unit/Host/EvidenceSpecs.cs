using System.Text;
using Supervisor.Host.Output;
using Supervisor.Host.Persistence;
using Supervisor.Host.StateMachine;

namespace Supervisor.Unit.Host;

/// <summary>What the host keeps about the end of a server that nobody asked for.</summary>
public sealed class EvidenceSpecs
{
    private static readonly string[] Failing = ["starting", "ValueError: no database"];

    [Fact]
    public void The_ledger_keeps_output_memory_and_the_files_that_had_changed_before_a_failure()
    {
        var driver = HostDriver.Serving(TestServices.Web).Change("a.py").Dies(code: 0).Spawned();
        driver.Later(3).Dies(with: exit => exit with { LastLines = Failing, PeakMemoryBytes = 5_000_000 });

        Newest(driver).Evidence.Should().BeEquivalentTo(new ExitEvidence(
            "ValueError: no database", Failing, 5_000_000, ["a.py"], VirtualTime.Noon + driver.Now - TimeSpan.FromSeconds(3)));
        driver.Status.Reason.Should().StartWith("exited with code 1: ValueError: no database; next start");
    }

    [Fact]
    public void A_change_is_still_known_at_the_second_failure_and_forgotten_after_ten_minutes()
    {
        var driver = HostDriver.Serving(TestServices.Web).Change("a.py").Dies(code: 0).Spawned().Later(1).Dies().After(1).Spawned().Later(1).Dies();
        Newest(driver).Evidence!.ChangedFiles.Should().Equal("a.py");

        driver.After(60).Spawned().Later(600).Dies();

        Newest(driver).Evidence.Should().Match<ExitEvidence>(evidence => evidence.ChangedFiles.Count == 0 && evidence.ChangedAt == null);
    }

    [Fact]
    public void Changes_in_quick_succession_are_named_together_and_a_repeated_delivery_is_not_a_new_one()
    {
        var driver = HostDriver.Serving(TestServices.Web).Change("a.py").Later(1).Change("b.py");
        driver.Later(100).On(new HostEvent.FilesChanged("c2", ["b.py"]));

        driver.Record.RecentChange.Should().BeEquivalentTo(new { Files = new[] { "a.py", "b.py" } });
        driver.Record.RecentChange!.At.Monotonic.Should().Be(driver.Now - TimeSpan.FromSeconds(100));
        driver.Later(1).Change("c.py").Record.RecentChange!.Files.Should().Equal("c.py");
    }

    [Fact]
    public void A_server_that_is_stopped_or_reloaded_leaves_no_evidence()
    {
        var driver = HostDriver.Serving(TestServices.Web).Change().Dies(with: exit => exit with { LastLines = Failing }).Spawned().Stop().Dies();

        driver.AllEffects.OfType<Effect.WriteLedger>().Select(note => note.Entry.Evidence).Should().AllSatisfy(evidence => evidence.Should().BeNull());
    }

    [Fact]
    public void Without_an_error_the_last_line_is_told_as_such() =>
        HostDriver.Serving(TestServices.Web.Restarting(RestartPolicy.Never)).Dies(code: 3, with: exit => exit with { LastLines = ["one", "two"] })
            .Status.Reason.Should().Be("exited with code 3; its last line: two");

    [Fact]
    public void The_output_of_a_server_that_was_killed_from_outside_is_no_reason() =>
        HostDriver.Serving(TestServices.Web.Restarting(RestartPolicy.Never)).Dies(with: exit => exit with
        {
            LastLines = Failing, Description = "killed by SIGKILL", Status = new ExitStatus(ExitKind.Signal, null, "SIGKILL", VirtualTime.Noon),
        }).Status.Reason.Should().Be("killed by SIGKILL");

    [Fact]
    public void A_server_that_was_not_ready_in_time_shows_its_error()
    {
        var driver = new HostDriver(TestServices.Web.WithProbe().Restarting(RestartPolicy.Never)).Start().Spawned().After(60);
        driver.Dies(with: exit => exit with { LastLines = Failing });

        driver.Status.Reason.Should().Be("was not ready within 60 s: ValueError: no database");
        Newest(driver).Evidence!.Output.Should().Equal(Failing);
    }

    [Theory]
    [InlineData(MemoryKill.MainProcess, "was killed at its memory limit of 64 MB (limits.memory)")]
    [InlineData(MemoryKill.OtherProcess, "exited with code 1 after one of its processes was killed at its memory limit of 64 MB (limits.memory)")]
    [InlineData(MemoryKill.Sampled, "was killed over its memory limit of 64 MB (limits.memory)")]
    internal void A_kill_at_the_memory_limit_names_the_limit_and_its_key(MemoryKill kill, string reason)
    {
        var spec = TestServices.Web.Restarting(RestartPolicy.Never) with { Limits = new LimitsSpec(64 << 20, null, null, null) };

        var driver = HostDriver.Serving(spec).Dies(with: exit => exit with { LastLines = Failing, MemoryKill = kill });

        driver.Status.Reason.Should().Be(reason);
        Newest(driver).Cause.Should().Be("oom");
    }

    [Fact]
    public void The_last_lines_are_those_of_this_server_without_empty_ones_and_those_of_the_host()
    {
        var ring = new OutputRing(TimeProvider.System);
        Write(ring, OutputStream.Stdout, "earlier server");
        var before = ring.Newest;
        Write(ring, OutputStream.Host, "started (pid 1)");
        Write(ring, OutputStream.Stdout, "one");
        Write(ring, OutputStream.Stdout, "");
        Write(ring, OutputStream.Stderr, "\x1b[31mtwo\x1b[0m and the rest");

        ring.LastServerLines(before, count: 20, maxBytes: 12).Should().Equal("one", "two");
        ring.LastServerLines(before, count: 1, maxBytes: 300).Should().Equal("two and the rest");
        ring.LastServerLines(ring.Newest, count: 20, maxBytes: 300).Should().BeEmpty();
    }

    [Fact]
    public void A_last_line_that_came_in_parts_is_one_line()
    {
        var ring = new OutputRing(TimeProvider.System);
        Write(ring, OutputStream.Stdout, "one");
        WritePart(ring, OutputStream.Stdout, "wor");
        Write(ring, OutputStream.Stderr, "oops");
        WritePart(ring, OutputStream.Stdout, "ki");
        Write(ring, OutputStream.Stdout, "ng");
        WritePart(ring, OutputStream.Stderr, "last words");
        Write(ring, OutputStream.Stderr, "");

        ring.LastServerLines(after: 0, count: 20, maxBytes: 300).Should().Equal("one", "oops", "working", "last words");
        ring.LastServerLines(after: 0, count: 2, maxBytes: 300).Should().Equal("working", "last words");
    }

    [Fact]
    public void An_answer_has_the_output_of_the_newest_ten_ends()
    {
        var evidence = new ExitEvidence("ValueError", Failing, null, [], null);
        var entries = Enumerable.Range(0, 30).Select(number => new LedgerEntry(
            VirtualTime.Noon, "any", "crash", number, null, [], null, null, null, number % 2 == 1 ? evidence : null)).ToArray();

        var answer = EvidenceBounds.Applied(entries);

        answer.Select(entry => entry.Generation).Should().Equal(Enumerable.Range(0, 30));
        answer.Where(entry => entry.Evidence is { Output.Count: > 0 }).Select(entry => entry.Generation).Should().Equal(11, 13, 15, 17, 19, 21, 23, 25, 27, 29);
        answer.Where(entry => entry.Evidence is { Line: "ValueError" }).Should().HaveCount(15);
        EvidenceBounds.Applied([]).Should().BeEmpty();
    }

    private static void Write(OutputRing ring, OutputStream stream, string line) => ring.Write(VirtualTime.Noon, stream, Encoding.UTF8.GetBytes(line), partial: false);

    private static void WritePart(OutputRing ring, OutputStream stream, string line) => ring.Write(VirtualTime.Noon, stream, Encoding.UTF8.GetBytes(line), partial: true);

    private static LedgerEntry Newest(HostDriver driver) => driver.AllEffects.OfType<Effect.WriteLedger>().Last().Entry;
}
