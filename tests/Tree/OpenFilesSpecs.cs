using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>How many files a server may open: at least 10,240 where the system allows it, and never fewer than the shell.</summary>
public sealed class OpenFilesSpecs
{
    /// <summary>
    /// Where soft and hard limit are equal, or the hard one is below 10,240, the outcome is the same whether or not the .NET runtime has raised our own soft limit
    /// to the hard one (CoreCLR does, a native build does not).
    /// </summary>
    [Theory]
    [InlineData(20_000, 20_000, "", "20000")]
    [InlineData(12_000, 12_000, "", "12000")]
    [InlineData(1_024, 10_240, "", "10240")]
    [InlineData(1_024, 4_096, "", "4096")]
    [InlineData(20_000, 20_000, "\"limits\": { \"files\": 300 },", "300")]
    [InlineData(1_024, 20_000, "\"limits\": { \"files\": 15000 },", "15000")]
    public async Task The_soft_limit_of_a_server_is_raised_and_never_lowered(int soft, int hard, string limits, string expected)
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig($$"""{ "services": { "app": { {{limits}} "command": "ulimit -S -n > limit; exec sleep 1000" } } }""");

        var started = await tree.RunOtherAsync(
            "/bin/sh", "-c", $"ulimit -S -n {soft} && ulimit -H -n {hard} && exec \"$0\" start -d", Executables.Supervisor);

        started.ExitCode.Should().Be(0, "{0}", started);
        var limit = Path.Combine(tree.Project, "limit");
        await Wait.UntilAsync(() => File.Exists(limit) && File.ReadAllText(limit).EndsWith('\n'), "the server has written its limit");
        File.ReadAllText(limit).Trim().Should().Be(expected);
    }
}
