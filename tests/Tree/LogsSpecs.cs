using System.Globalization;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>The output of the servers, and when it is readable.</summary>
public sealed class LogsSpecs
{
    private static readonly byte[] Raw = [.. "stdout F raw "u8, 0xff, 0xfe, .. " bytes\n"u8];

    [Fact]
    public async Task Output_is_readable_byte_for_byte_while_the_tree_runs_and_after_it_has_stopped()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""
            { "services": { "talker": {
                "command": "for i in 1 2 3; do echo line $i; done; printf 'raw \\377\\376 bytes\\n'; echo to the side >&2; exec sleep 1000" } } }
            """);
        await tree.StartAsync();
        await Wait.UntilAsync(
            async () => (await tree.RunAsync("logs", "talker")).Output is var output && output.Contains("to the side", StringComparison.Ordinal) && output.Contains(" bytes", StringComparison.Ordinal),
            "the output of both streams has arrived");

        var some = await tree.RunAsync("logs", "talker", "--grep", "line [23]");
        some.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(2).And.OnlyContain(line => line.Contains("talker", StringComparison.Ordinal));
        (await tree.RunAsync("stop")).ExitCode.Should().Be(0);
        var later = await tree.RunAsync("logs", "talker", "--since", "1h");
        later.ExitCode.Should().Be(0);
        later.Output.Should().Contain("line 1").And.Contain("to the side");

        var file = Directory.EnumerateFiles(tree.StateBase, "talker.log", SearchOption.AllDirectories).Single();
        File.ReadAllBytes(file).AsSpan().IndexOf(Raw).Should().BePositive();
    }

    [Fact]
    public async Task A_flooding_server_and_a_sleeping_reader_delay_nothing()
    {
        await using var tree = TestTree.Create();
        var app = new TestService(tree, "app");
        tree.WriteConfig($$"""{ "services": { {{app.Entry()}}, "flood": { "command": "exec yes 0123456789012345678901234567890123456789" } } }""");
        await tree.StartAsync();
        await using var reader = tree.Begin("logs", "-f", "flood");
        await Wait.UntilAsync(() => reader.Output.Length > 0, "the reader has started");
        Kill.Send(reader.Pid, "STOP");

        await using var control = await tree.ConnectAsync();
        var flood = (await control.StatusAsync()).Service("flood");
        var written = Written(flood.Pid!.Value);
        await Wait.UntilAsync(() => Written(flood.Pid!.Value) > written + 100_000_000, "the server continues to write, a hundred megabytes");
        (await app.AnswersAsync()).Should().BeTrue();
        Resident(flood.HostPid!.Value).Should().BeLessThan(200_000_000, "the host keeps a bounded ring buffer");
        (await tree.RunAsync("stop", "flood")).ExitCode.Should().Be(0);
        LogBytes(tree).Should().BeLessThan(100_000_000, "log files are rotated");
    }

    [Fact]
    public async Task A_follower_continues_after_the_death_of_a_host_and_shows_no_line_twice()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "ticker": { "command": "i=0; while true; do i=$((i+1)); echo tick $$ $i.; sleep 0.05; done" } } }""");
        await tree.StartAsync();
        await using var reader = tree.Begin("logs", "-f", "ticker");
        await Wait.UntilAsync(() => Ticks(reader.Output).Count > 20, "the reader follows");

        await using var control = await tree.ConnectAsync();
        Kill.Send((await control.StatusAsync()).Service("ticker").HostPid!.Value, "KILL");
        await Wait.UntilAsync(() => Ticks(reader.Output).Select(tick => tick.Split(' ')[1]).Distinct(StringComparer.Ordinal).Count() > 1, "output of the next server arrives");

        Ticks(reader.Output).Should().OnlyHaveUniqueItems();
    }

    /// <summary>Complete lines only: a tick ends with a full stop.</summary>
    private static IReadOnlyList<string> Ticks(string output) =>
        [.. output.Split('\n').Select(line => line[(line.IndexOf('|', StringComparison.Ordinal) + 1)..].Trim())
            .Where(text => text.StartsWith("tick ", StringComparison.Ordinal) && text.EndsWith('.'))];

    private static long Written(int pid) =>
        long.Parse(File.ReadLines($"/proc/{pid}/io").Single(line => line.StartsWith("wchar:", StringComparison.Ordinal))[6..], CultureInfo.InvariantCulture);

    private static long Resident(int pid) =>
        long.Parse(File.ReadAllText($"/proc/{pid}/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;

    private static long LogBytes(TestTree tree) =>
        new DirectoryInfo(tree.StateBase).EnumerateFiles("flood.log*", SearchOption.AllDirectories).Sum(file => file.Length);
}
