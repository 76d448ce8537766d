using System.Diagnostics;
using Supervisor.Stress.Faults;

namespace Supervisor.Unit.Stress;

public sealed class VictimSpecs
{
    [Fact]
    public void A_name_with_blanks_and_parentheses_is_parsed_correctly()
    {
        var tail = "S 7 8 9 0 -1 4194560 1 0 0 0 150 50 0 0 20 0 1 0 123456 1000 200";

        ProcessFields.Parse($"42 (a (b) c d) {tail}").Should().Be(
            new ProcessFields(42, "S", Parent: 7, Session: 9, TimeSpan.FromSeconds(2), StartTicks: "123456"));
    }

    [Fact]
    public void An_invalid_line_is_not_a_process() => ProcessFields.Parse("").Should().BeNull();

    [Fact]
    public void This_process_is_found_with_its_times_and_its_memory()
    {
        var self = Victim.TryFind(Environment.ProcessId)!;

        self.IsAlive.Should().BeTrue();
        self.CpuTime().Should().BePositive();
        self.PeakBytes().Should().BeGreaterThan(1 << 20);
    }

    [Fact]
    public void A_process_with_another_start_time_is_a_different_process()
    {
        var earlier = Victim.TryFind(Environment.ProcessId)! with { StartTicks = "1" };

        earlier.IsAlive.Should().BeFalse();
        earlier.TrySignal("KILL").Should().BeFalse("another process with the same pid must not get the signal");
    }

    [Fact]
    public async Task A_killed_process_is_detected_as_gone()
    {
        using var sleep = Process.Start(new ProcessStartInfo("sleep", ["600"]) { UseShellExecute = false })!;
        var victim = Victim.TryFind(sleep.Id)!;
        var below = ProcessFields.Below(Environment.ProcessId).Select(process => process.Pid);

        below.Should().Contain(sleep.Id);
        victim.TrySignal("KILL").Should().BeTrue();
        (await victim.WaitForExitAsync(TimeSpan.FromSeconds(30), CancellationToken.None)).Should().NotBeNull();
    }
}
