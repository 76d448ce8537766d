using System.Globalization;
using Supervisor.Host;
using Supervisor.Host.Output;
using Supervisor.Host.Persistence;
using Supervisor.Host.StateMachine;
using Supervisor.Wire.Records;

namespace Supervisor.Unit.Host;

/// <summary>What the next host writes about a server that was killed together with its host.</summary>
public sealed class HostDeathSpecs : IDisposable
{
    private static readonly DateTimeOffset Now = VirtualTime.Noon;
    private static readonly ProcessMark Server = new(100, 1_000, "boot-1");

    private readonly string _folder = Directory.CreateTempSubdirectory("supervisor-death-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Its_end_names_the_host_and_keeps_output_peak_memory_and_what_had_changed()
    {
        var saved = Entry(Now - TimeSpan.FromMinutes(3), ["app/views.py"]);

        var entry = HostDeath.EntryOf(File(Server, peakMemoryBytes: 64 << 20), Server, [saved, Entry(Now - TimeSpan.FromMinutes(1), [])], ["last words"], Now);

        entry.Should().Match<LedgerEntry>(it => it.Event == "failed" && it.Cause == "host" && it.Pid == 100 && it.Generation == 4);
        entry.Detail.Should().Be("its host (process 10) died, and it was killed with it");
        entry.Exit!.Reason.Should().Be(ExitKind.Lost);
        entry.Evidence.Should().BeEquivalentTo(new ExitEvidence(null, ["last words"], 64 << 20, ["app/views.py"], saved.At));
    }

    [Fact]
    public void A_change_that_is_long_past_is_no_evidence_and_memory_that_was_never_sampled_stays_unknown()
    {
        var entry = HostDeath.EntryOf(
            File(Server, peakMemoryBytes: null), Server, [Entry(Now - RecentChange.Relevance - TimeSpan.FromSeconds(1), ["app/views.py"])], [], Now);

        entry.Evidence.Should().BeEquivalentTo(new ExitEvidence(null, [], null, [], null));
    }

    [Fact]
    public void Nothing_is_written_without_an_earlier_host_without_a_server_and_after_a_reboot()
    {
        EntryOf(null, "boot-1").Should().BeNull();
        EntryOf(File(server: null, peakMemoryBytes: null), "boot-1").Should().BeNull();
        EntryOf(File(Server, peakMemoryBytes: null), "boot-2").Should().BeNull();
        EntryOf(File(Server, peakMemoryBytes: null), "boot-1").Should().NotBeNull();
    }

    [Fact]
    public void What_a_server_prints_before_its_start_is_recorded_is_its_output_and_what_another_printed_before_is_not()
    {
        var spawnedAt = Now - TimeSpan.FromSeconds(2);
        var recordedAt = spawnedAt + TimeSpan.FromMilliseconds(30);
        var logPath = Path.Combine(_folder, "web.log");
        var ledgerPath = Path.Combine(_folder, "web.ledger.jsonl");
        new LedgerFile(ledgerPath).Append(Entry(recordedAt, []) with { Generation = 4, Pid = 100 });
        System.IO.File.WriteAllText(logPath, $"{Time(spawnedAt - TimeSpan.FromMilliseconds(1))} stdout F of another\n{Time(spawnedAt + TimeSpan.FromMilliseconds(5))} stdout F its first\n");

        var entry = HostDeath.EntryOf(File(Server, peakMemoryBytes: null) with { ServerStartedAt = spawnedAt }, "boot-1", ledgerPath, logPath, TimeProvider.System);

        entry!.Evidence!.Output.Should().Equal("its first");

        static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task A_peak_completes_the_state_file_of_its_own_server_only()
    {
        var path = Path.Combine(_folder, "web.json");
        using var output = new OutputStore(
            new OutputRing(TimeProvider.System), new LogFile(Path.Combine(_folder, "web.log"), TimeProvider.System),
            _ => { }, TimeProvider.System);
        using var log = new Log("web", folder: null);
        var recorder = new Recorder(new LedgerFile(Path.Combine(_folder, "web.ledger.jsonl")), path, output, new RateMeter(_ => { }, TimeProvider.System), log);
        recorder.WriteState(File(Server, peakMemoryBytes: null));
        recorder.WritePeak(Server, 5_000);
        recorder.WritePeak(Server with { Pid = 99 }, 9_000);
        recorder.WriteStateAgain();

        recorder.Complete();
        await recorder.RunAsync();

        RecordFile.TryRead(path, ContractJson.Default.HostFile)!.PeakMemoryBytes.Should().Be(5_000);
    }

    private LedgerEntry? EntryOf(HostFile? earlier, string bootId) =>
        HostDeath.EntryOf(earlier, bootId, Path.Combine(_folder, "none.jsonl"), Path.Combine(_folder, "none.log"), TimeProvider.System);

    private static LedgerEntry Entry(DateTimeOffset at, IReadOnlyList<string> files) => new(at, "reloaded", "files", 3, 90, files, null, null, null);

    private static HostFile File(ProcessMark? server, long? peakMemoryBytes) => new(
        "web", "hash", "tag", "boot-1", new ProcessMark(10, 100, "boot-1"), server, "walk", null, ServicePhase.Ready, 4, 2, 1, null, null, [], 0, false, null,
        peakMemoryBytes);
}
