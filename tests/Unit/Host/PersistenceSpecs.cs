using Supervisor.Host.Persistence;
using Supervisor.Host.StateMachine;
using Supervisor.Processes;
using Supervisor.Wire.Records;

namespace Supervisor.Unit.Host;

/// <summary>What a host stores, and what the next host restores from it.</summary>
public sealed class PersistenceSpecs : IDisposable
{
    private static readonly ProcessIdentity Host = new(10, 100, "boot-1");

    private readonly string _folder = Directory.CreateTempSubdirectory("supervisor-records-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_crash_loop_survives_the_death_of_the_host()
    {
        var driver = HostMachineSpecs.CrashLooping(TestServices.Web);

        var next = Restored(driver, "boot-1");

        next.State.Should().BeOfType<HostState.CrashLoop>();
        StatusView.Of(next, TestServices.Web, 1, null).Reason.Should().Be(driver.Status.Reason);
        next.Record.History.Should().Be(driver.Record.History);
    }

    [Fact]
    public void A_backoff_continues_in_the_next_host()
    {
        var driver = HostDriver.Serving(TestServices.Web).Dies();

        var next = Restored(driver, "boot-1");

        Deadlines.Next(next).Should().Be(driver.Now + TimeSpan.FromSeconds(0.5));
        next.Record.History.Consecutive.Should().Be(1);
    }

    [Fact]
    public void After_a_reboot_a_backoff_is_dropped_and_a_crash_loop_stays()
    {
        Restored(HostDriver.Serving(TestServices.Web).Dies(), "boot-2").State.Should().BeOfType<HostState.Stopped>();
        Restored(HostMachineSpecs.CrashLooping(TestServices.Web), "boot-2").State.Should().BeOfType<HostState.CrashLoop>();
    }

    [Fact]
    public void A_changed_spec_drops_the_stored_state() =>
        PersistedHostState.Restore(Written(HostMachineSpecs.CrashLooping(TestServices.Web)), "another hash", "boot-1")
            .State.Should().BeOfType<HostState.Stopped>();

    [Fact]
    public void Generations_continue_and_the_server_that_died_with_its_host_is_stopped()
    {
        var next = Restored(HostDriver.Serving(TestServices.Web).Change().Dies().Spawned(), "boot-1");

        next.Should().Match<HostSnapshot>(so => so.State is HostState.Stopped && so.Record.Generation == 2 && so.Record.Reloads == 1);
    }

    [Fact]
    public void A_state_file_is_replaced_atomically_and_an_invalid_one_is_ignored()
    {
        var path = Path.Combine(_folder, "web.json");
        var file = Written(HostDriver.Serving(TestServices.Web));
        RecordFile.Write(path, file, ContractJson.Default.HostFile);

        RecordFile.TryRead(path, ContractJson.Default.HostFile).Should().BeEquivalentTo(file);
        Directory.GetFiles(_folder).Should().ContainSingle();

        File.WriteAllText(path, "{\"service\":");
        RecordFile.TryRead(path, ContractJson.Default.HostFile).Should().BeNull();
        RecordFile.TryRead(path + ".missing", ContractJson.Default.HostFile).Should().BeNull();
    }

    [Fact]
    public void The_ledger_returns_its_last_entries_across_a_rotation_and_skips_invalid_lines()
    {
        var path = Path.Combine(_folder, "web.ledger.jsonl");
        var ledger = new LedgerFile(path, rotateAt: 1_000);

        for (var entry = 1; entry <= 12; entry++)
            ledger.Append(Entry(entry));

        File.AppendAllText(path, "{\"at\":");
        ledger.Append(Entry(13));

        ledger.ReadLast(4).Select(entry => entry.Generation).Should().Equal(10, 11, 12, 13);
        Directory.GetFiles(_folder).Should().HaveCount(2);
    }

    private static LedgerEntry Entry(int generation) =>
        new(VirtualTime.Noon, "started", "files", generation, 1, ["a.py"], null, new string('x', 60), null);

    private static HostFile Written(HostDriver driver) => PersistedHostState.ToFile(
        driver.Snapshot, new PersistedHostState.HostInstance(new HostLaunch(TestServices.Web, "hash", "s", "p", "l", "c", "tree/web", "walk", null), Host),
        driver.State.Run() is null ? null : new PersistedHostState.ServerInstance(new ProcessIdentity(100, 1_000, "boot-1"), VirtualTime.Noon, PeakMemoryBytes: null));

    private static HostSnapshot Restored(HostDriver driver, string bootId) => PersistedHostState.Restore(Written(driver), "hash", bootId);
}
