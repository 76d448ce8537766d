using Supervisor.Wire.Records;

namespace Supervisor.Unit.Wire;

public sealed class WatcherLedgerSpecs : IDisposable
{
    private static readonly WatcherStopReason Hung = new("hung", "its work loop was silent for 10 s", Planned: false);

    private readonly string _folder = Directory.CreateTempSubdirectory("sv-ledger-").FullName;
    private readonly VirtualTime _time = new();
    private readonly List<string> _trouble = [];

    private string LedgerPath => Path.Combine(_folder, "logs/watcher.ledger.jsonl");

    [Fact]
    public void A_start_has_the_cause_of_the_end_before_it()
    {
        var ledger = NewParent();
        ledger.Started(2, 100, degraded: false);
        ledger.Ended(2, 100, Signalled("SIGKILL"), Hung);
        ledger.Started(3, 101, degraded: false);

        Entries(ledger).Should().Equal(("started", "autostart", 2, 100), ("failed", "hung", 2, 100), ("started", "hung", 3, 101));
    }

    [Fact]
    public void An_unrequested_end_is_a_crash_and_a_recycle_by_the_watcher_itself_is_not()
    {
        var ledger = NewParent();
        ledger.Ended(2, 100, Signalled("SIGABRT"), ending: null);
        ledger.Ended(3, 101, new ExitStatus(ExitKind.Exit, (int)ExitCode.TemporaryFailure, null, _time.GetUtcNow()), ending: null);
        ledger.Ended(4, pid: null, new ExitStatus(ExitKind.Lost, null, null, _time.GetUtcNow()), ending: null);

        Entries(ledger).Should().Equal(("failed", "crash", 2, 100), ("stopped", "recycle", 3, 101), ("failed", "spawn", 4, null));
    }

    [Fact]
    public void The_next_parent_records_the_end_of_a_watcher_whose_parent_died()
    {
        NewParent().Started(2, 100, degraded: false);

        var next = NewParent();
        next.Started(4, 200, degraded: false);

        Entries(next).Should().Equal(("started", "autostart", 2, 100), ("stopped", "parent", 2, 100), ("started", "parent", 4, 200));
    }

    [Fact]
    public void The_end_of_a_watcher_that_ended_with_its_tree_is_not_recorded_twice()
    {
        var earlier = NewParent();
        earlier.Started(2, 100, degraded: false);
        earlier.Ended(2, 100, new ExitStatus(ExitKind.Exit, 0, null, _time.GetUtcNow()), new WatcherStopReason("manual", "the tree stops", Planned: true));

        var next = NewParent();
        next.Started(4, 200, degraded: false);

        Entries(next).Should().Equal(("started", "autostart", 2, 100), ("stopped", "manual", 2, 100), ("started", "autostart", 4, 200));
    }

    [Fact]
    public void Events_in_between_change_neither_the_end_nor_the_next_start()
    {
        var earlier = NewParent();
        earlier.Started(2, 100, degraded: false);
        earlier.Record("trimmed", "memory", 2, 100, "it held 61 % of its cap");

        var next = NewParent();
        next.Started(4, 200, degraded: false);

        Entries(next).Should().Equal(
            ("started", "autostart", 2, 100), ("trimmed", "memory", 2, 100), ("stopped", "parent", 2, 100), ("started", "parent", 4, 200));
    }

    [Fact]
    public void A_write_error_loses_the_entry_and_nothing_else()
    {
        Directory.CreateDirectory(LedgerPath);
        var ledger = NewParent();

        ledger.Started(2, 100, degraded: false);

        ledger.ReadLast(20).Should().BeEmpty();
        _trouble.Should().NotBeEmpty().And.OnlyContain(line => line.StartsWith(LedgerPath, StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private WatcherLedger NewParent() => new(LedgerPath, _time, (path, why) => _trouble.Add($"{path}: {why}"));

    private ExitStatus Signalled(string signal) => new(ExitKind.Signal, null, signal, _time.GetUtcNow());

    private static IEnumerable<(string Event, string Cause, int Epoch, int? Pid)> Entries(WatcherLedger ledger) =>
        ledger.ReadLast(20).Select(entry => (entry.Event, entry.Cause, entry.Generation, entry.Pid));
}
