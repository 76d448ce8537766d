using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>Lines longer than a message, a page or the part of a line that a host keeps together.</summary>
public sealed class LongLineSpecs
{
    private static readonly string Letters = string.Concat(Enumerable.Repeat("한글✓", 30_000));

    [Theory]
    [InlineData("running")]
    [InlineData("restarted")]
    [InlineData("stopped")]
    [InlineData("without a tree")]
    public async Task What_is_asked_for_is_given_whole_and_the_newest_comes_last(string service)
    {
        await using var tree = TestTree.Create();
        tree.Write("long.txt", Letters);
        tree.WriteConfig("""
            { "services": { "talker": {
                "command": "for i in $(seq 100 199); do printf \"line $i %02000d\\n\" 0; done; cat long.txt; echo; echo to the side >&2; echo the end; exec sleep 1000" } } }
            """);
        await tree.StartAsync();
        await SaysAsync(tree, "the end");

        switch (service)
        {
            case "restarted":
                (await tree.RunAsync("restart", "talker")).ExitCode.Should().Be(0);
                await Wait.UntilAsync(async () => (await LinesAsync(tree, "--grep", "^the end$")).Length == 2, "the next server has said it too");
                break;
            case "stopped":
                (await tree.RunAsync("stop", "talker")).ExitCode.Should().Be(0);
                break;
            case "without a tree":
                (await tree.RunAsync("stop")).ExitCode.Should().Be(0);
                break;
        }

        var all = await LinesAsync(tree, "-n", "1000");
        var servers = service == "restarted" ? 2 : 1;
        all.Where(line => line.StartsWith("line ", StringComparison.Ordinal)).Select(line => line[..8]).Should().Equal(
            Enumerable.Range(0, servers).SelectMany(_ => Enumerable.Range(100, 100)).Select(i => $"line {i}"));
        all.Where(line => line.Length > 2100).Should().HaveCount(servers).And.AllBe(Letters);

        (await LinesAsync(tree, "-n", "5")).Should().Contain("the end").And.Contain(Letters);
        (await LinesAsync(tree, "--grep", "end$|✓$")).TakeLast(2).Should().Equal(Letters, "the end");
        (await LinesAsync(tree, "--since", "1h")).Should().HaveCount(all.Length);
    }

    [Fact]
    public async Task A_follower_shows_a_line_of_any_length_as_one_line()
    {
        await using var tree = TestTree.Create();
        tree.Write("long.txt", Letters);
        tree.WriteConfig("""
            { "services": {
                "talker": { "command": "while [ ! -e go ]; do sleep 0.05; done; cat long.txt long.txt; sleep 0.1; cat long.txt; echo; echo the end; exec sleep 1000" },
                "other": { "command": "while :; do echo something else; sleep 0.01; done" } } }
            """);
        await tree.StartAsync();
        await using var reader = tree.Begin("logs", "-f");
        await reader.ShownAsync("something else");

        tree.Write("go", "");
        await reader.ShownAsync("the end");

        Texts(reader.Output).Should().Contain(Letters + Letters + Letters);
    }

    [Fact]
    public async Task Every_line_of_a_burst_that_the_host_no_longer_holds_is_shown_once()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "talker": { "command": "seq 1 9000; exec sleep 1000" } } }""");
        await tree.StartAsync();
        await SaysAsync(tree, "^9000$");

        (await LinesAsync(tree, "-n", "9000")).Should().Equal(Enumerable.Range(1, 9000).Select(i => $"{i}"));
    }

    [Fact]
    public async Task A_progress_line_that_rewrites_itself_is_in_the_log_files_too()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "talker": { "command": "printf '10 %%\\r50 %%\\rdone\\n'; exec sleep 1000" } } }""");
        await tree.StartAsync();
        await SaysAsync(tree, "done");
        (await tree.RunAsync("stop")).ExitCode.Should().Be(0);

        (await LinesAsync(tree, "--grep", "done")).Should().Equal("10 %\r50 %\rdone");
    }

    private static Task SaysAsync(TestTree tree, string pattern) =>
        Wait.UntilAsync(async () => (await LinesAsync(tree, "--grep", pattern)).Length > 0, $"{pattern} is in the log");

    private static async Task<string[]> LinesAsync(TestTree tree, params string[] options)
    {
        var result = await tree.RunAsync(["logs", "talker", .. options]);
        result.ExitCode.Should().Be(0, "{0}", result.Errors);
        return Texts(result.Output);
    }

    /// <summary>What servers printed, without the name before it.</summary>
    private static string[] Texts(string output) =>
        [.. output.Split('\n').Select(line => line.Split(" | ", 2)).Where(parts => parts.Length == 2).Select(parts => parts[1])];
}
