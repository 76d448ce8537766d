using Supervisor.Wire.Records;

namespace Supervisor.Unit.Wire;

/// <summary>How often a service was started again, counted from its ledger.</summary>
public sealed class StartHistorySpecs
{
    [Fact]
    public void Recoveries_and_reloads_are_counted_apart_and_starts_by_request_not_at_all()
    {
        var history = History(
            Entry(0, "started", "autostart"), Entry(1, "started", "crash"), Entry(1, "ready", "crash"), Entry(2, "reloaded", "files"), Entry(3, "failed", "oom"),
            Entry(4, "started", "oom"), Entry(5, "started", "manual"), Entry(6, "started", "probe"));

        history.RatesAt(VirtualTime.Noon.AddMinutes(10)).Should().Be(new RestartRates(3, 1, 3, 1));
    }

    [Fact]
    public void An_hour_later_they_count_for_the_day_only_and_a_day_later_no_more()
    {
        var history = History(Entry(0, "started", "crash"), Entry(30, "reloaded", "files"));

        history.RatesAt(VirtualTime.Noon.AddMinutes(61)).Should().Be(new RestartRates(0, 1, 1, 1));
        history.RatesAt(VirtualTime.Noon.AddMinutes(91)).Should().Be(new RestartRates(0, 0, 1, 1));
        history.RatesAt(VirtualTime.Noon.AddDays(2)).Should().Be(new RestartRates(0, 0, 0, 0));
    }

    [Fact]
    public void A_service_that_starts_again_and_again_is_counted_within_bounds() =>
        History([.. Enumerable.Range(0, 6_000).Select(_ => Entry(0, "reloaded", "files"))]).RatesAt(VirtualTime.Noon).ReloadsLastDay.Should().Be(5_000);

    [Fact]
    public void A_watcher_that_was_replaced_as_planned_was_not_restarted() =>
        History(Entry(0, "started", "recycle"), Entry(1, "started", "parent"), Entry(2, "started", "memory"), Entry(3, "started", "hung"))
            .RatesAt(VirtualTime.Noon.AddMinutes(5)).RestartsLastHour.Should().Be(2);

    private static StartHistory History(params LedgerEntry[] entries) => entries.Aggregate(StartHistory.Empty, (history, entry) => history.With(entry));

    private static LedgerEntry Entry(int minutes, string what, string cause) => new(VirtualTime.Noon.AddMinutes(minutes), what, cause, 1, null, [], null, null, null);
}
