using Supervisor.Cli.Rendering;
using Supervisor.Cli.Stored;

namespace Supervisor.Unit.Cli;

/// <summary>Services of a tree that does not run, and the evidence of the ends of their servers.</summary>
public sealed class StoredServiceSpecs
{
    private static readonly ExitEvidence Evidence = new("ValueError: no", ["one", "ValueError: no"], 30L << 20, ["a.py"], Boards.Noon.AddSeconds(-2));

    [Fact]
    public void Why_shows_the_facts_of_each_end_and_the_output_of_the_newest()
    {
        var ledger = new Ledger("web", [Entry("failed", Evidence), Entry("crash-loop", Evidence with { PeakMemoryBytes = null }), Entry("stopped")]);

        LedgerLines.Of(ledger, TimeZoneInfo.Utc, Boards.Noon).Should().Equal(
            "12:00:00  #3    failed      crash; ended with exit code 1; exited; changed 2.0s before: a.py; peak memory 30 MB",
            "12:00:00  #3    crash-loop  crash; ended with exit code 1; exited; changed 2.0s before: a.py",
            "    | one",
            "    | ValueError: no",
            "12:00:00  #3    stopped     crash; ended with exit code 1; exited");
    }

    [Fact]
    public void A_failure_is_followed_by_output_and_facts()
    {
        EvidenceLines.UnderFailure(Entry("failed", Evidence)).Should().Equal("    | one", "    | ValueError: no", "    changed 2.0s before: a.py", "    peak memory 30 MB");
        EvidenceLines.UnderFailure(Entry("refused")).Should().BeEmpty();
    }

    [Fact]
    public void A_service_without_a_host_is_stopped_and_says_how_it_ended()
    {
        var stored = new StoredService("web", Host: null, [Entry("started"), Entry("crash-loop")]);

        stored.Status.Should().BeEquivalentTo(new { State = ServicePhase.Stopped, Pid = (int?)null, Generation = 3 });
        stored.Remark(Boards.Noon.AddMinutes(1)).Should().Be("web: last crash-loop 1m 0s ago: exited");
        new StoredService("web", Host: null, [Entry("failed"), Entry("stopped")]).Remark(Boards.Noon).Should().Contain("last failed");
        new StoredService("web", Host: null, [Entry("ready"), Entry("stopped")]).Remark(Boards.Noon).Should().BeNull();
        new StoredService("web", Host: null, []).Remark(Boards.Noon).Should().BeNull();
    }

    [Fact]
    public void A_host_that_outlives_its_parent_goes_on_and_the_notice_says_how_to_get_it_back()
    {
        var going = new StoredService("web", HostWith(new ProcessMark(44, 1, "boot")), [Entry("started") with { Pid = 44 }]);
        var down = new StoredService("db", HostWith(server: null) with { Phase = ServicePhase.Completed }, []);

        going.Status.Should().BeEquivalentTo(new { State = ServicePhase.Ready, Pid = 44, HostPid = 10, Restarts = 2, StartedAt = Boards.Noon });
        StoredService.Notice("/x/supervisor.json", [going, down]).Should().Contain("its servers go on: web (pid 44).").And.Contain("supervisor start -d");
        StoredService.Notice("/x/supervisor.json", [down]).Should().StartWith("No tree is running for /x/supervisor.json; \"supervisor start\" starts it.");
    }

    private static HostFile HostWith(ProcessMark? server) => new(
        "web", "hash", "tag", "boot", new ProcessMark(10, 2, "boot"), server, "walk", null, ServicePhase.Ready, 3, 1, 2, null, null, [], 0, OnProbation: false, null);

    private static LedgerEntry Entry(string what, ExitEvidence? evidence = null) =>
        new(Boards.Noon, what, "crash", 3, null, [], new ExitStatus(ExitKind.Exit, 1, null, Boards.Noon), "exited", null, evidence);
}
