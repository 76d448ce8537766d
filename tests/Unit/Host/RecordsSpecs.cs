using Supervisor.Host.Records;
using Supervisor.Host.Serving;
using Supervisor.Processes;
using Supervisor.Wire.Records;

namespace Supervisor.Unit.Host;

/// <summary>What a host writes down, and what the next one makes of it.</summary>
public sealed class RecordsSpecs : IDisposable
{
    private static readonly ProcessIdentity Host = new(10, 100, "boot-1");

    private readonly string _folder = Directory.CreateTempSubdirectory("supervisor-records-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_crash_loop_is_not_left_by_killing_the_host()
    {
        var drive = HostMachineSpecs.CrashLooping(Services.Web);

        var next = Reborn(drive, "boot-1");

        next.State.Should().BeOfType<HostState.CrashLoop>();
        StatusView.Of(next, Services.Web, 1, null).Reason.Should().Be(drive.Status.Reason);
        next.Record.History.Should().Be(drive.Record.History);
    }

    [Fact]
    public void A_backoff_goes_on_where_it_was()
    {
        var drive = Drive.Serving(Services.Web).Dies();

        var next = Reborn(drive, "boot-1");

        Deadlines.Next(next).Should().Be(drive.Now + TimeSpan.FromSeconds(0.5));
        next.Record.History.Consecutive.Should().Be(1);
    }

    [Fact]
    public void Times_of_an_earlier_boot_mean_nothing_but_the_verdict_stands()
    {
        Reborn(Drive.Serving(Services.Web).Dies(), "boot-2").State.Should().BeOfType<HostState.Stopped>();
        Reborn(HostMachineSpecs.CrashLooping(Services.Web), "boot-2").State.Should().BeOfType<HostState.CrashLoop>();
    }

    [Fact]
    public void A_changed_spec_begins_anew() =>
        Recollection.Read(Written(HostMachineSpecs.CrashLooping(Services.Web)), "another hash", "boot-1")
            .State.Should().BeOfType<HostState.Stopped>();

    [Fact]
    public void Generations_go_on_counting_and_the_server_that_died_with_its_host_is_down()
    {
        var next = Reborn(Drive.Serving(Services.Web).Change().Dies().Launched(), "boot-1");

        next.Should().Match<Situation>(so => so.State is HostState.Stopped && so.Record.Generation == 2 && so.Record.Reloads == 1);
    }

    [Fact]
    public void A_state_file_is_replaced_as_a_whole_and_a_broken_one_is_none()
    {
        var path = Path.Combine(_folder, "web.json");
        var file = Written(Drive.Serving(Services.Web));
        RecordFile.Write(path, file, ContractJson.Default.HostFile);

        RecordFile.TryRead(path, ContractJson.Default.HostFile).Should().BeEquivalentTo(file);
        Directory.GetFiles(_folder).Should().ContainSingle();

        File.WriteAllText(path, "{\"service\":");
        RecordFile.TryRead(path, ContractJson.Default.HostFile).Should().BeNull();
        RecordFile.TryRead(path + ".missing", ContractJson.Default.HostFile).Should().BeNull();
    }

    [Fact]
    public void The_ledger_gives_its_last_entries_across_the_turn_of_files_and_leaves_broken_lines_out()
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

    private static HostFile Written(Drive drive) => Recollection.Write(
        drive.Situation, new Recollection.Origin(new HostLaunch(Services.Web, "hash", "s", "p", "l", "c", "tree/web", "walk", null), Host),
        drive.State.Run() is null ? null : new ProcessIdentity(100, 1_000, "boot-1"));

    private static Situation Reborn(Drive drive, string bootId) => Recollection.Read(Written(drive), "hash", bootId);
}
