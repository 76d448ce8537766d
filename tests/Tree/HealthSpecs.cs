using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>How often a server is asked, and what follows when it answers no more.</summary>
public sealed class HealthSpecs
{
    /// <summary>The length matters: what must not come in this time would come several times in it.</summary>
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(12);

    /// <summary>Many checks long.</summary>
    private static readonly TimeSpan HoldTime = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task A_server_that_is_ready_is_not_asked_again()
    {
        await using var tree = TestTree.Create();
        var web = new TestService(tree, "web");
        var requests = tree.Write("requests", "");
        tree.WriteConfig($$"""{ "services": { {{web.Entry($"--requests {requests}")}} } }""");
        await tree.StartAsync();
        var untilReady = await File.ReadAllLinesAsync(requests);

        await Task.Delay(LongEnough);

        untilReady.Should().NotBeEmpty();
        (await File.ReadAllLinesAsync(requests)).Should().HaveCount(untilReady.Length, "nobody uses it");
        (await tree.StatusAsync()).Service("web").State.Should().Be(ServicePhase.Ready);
    }

    [Fact]
    public async Task A_server_that_fails_its_checks_is_unhealthy_until_it_passes_one()
    {
        await using var tree = TestTree.Create();
        var (web, sick) = Configure(tree, """ "interval": "100ms", "failures": 2 """);
        await tree.StartAsync();
        await using var control = await tree.ConnectAsync();
        var before = (await tree.StatusAsync()).Service("web");

        await File.WriteAllTextAsync(sick, "");

        var unhealthy = (await control.WaitForAsync(board => board.Service("web").State == ServicePhase.Unhealthy, "it is unhealthy")).Service("web");
        unhealthy.Reason.Should().Be($"{web.Address}: status 503");
        (await tree.RunAsync("status")).Should().Match<CommandResult>(
            status => status.ExitCode == (int)ExitCode.Unhealthy && status.Output.Contains("unhealthy") && status.Output.Contains($"web: {web.Address}: status 503"));

        var waited = await tree.RunAsync("wait", "web");
        (waited.ExitCode, waited.Errors).Should().Be(((int)ExitCode.FailedWhileWaiting, $"web is unhealthy: {web.Address}: status 503\n"));

        File.Delete(sick);

        var ready = (await control.WaitForAsync(board => board.Service("web").State == ServicePhase.Ready, "it is ready again")).Service("web");
        ready.Should().BeEquivalentTo(new { before.Pid, before.Generation, Restarts = 0 });
        (await tree.RunAsync("status")).ExitCode.Should().Be(0);
        (await tree.RunAsync("why", "web")).Output.Should().MatchRegex("unhealthy +health; .*status 503").And.MatchRegex("healthy +health; .*down for");
        (await tree.RunAsync("logs", "web")).Output.Should().Contain($"✗ unhealthy: {web.Address}: status 503").And.Contain("✓ healthy again");
    }

    [Fact]
    public async Task A_server_that_fails_its_checks_is_restarted_where_that_is_configured()
    {
        await using var tree = TestTree.Create();
        var (_, sick) = Configure(tree, """ "interval": "100ms", "failures": 2, "onFailure": "restart" """);
        await tree.StartAsync();
        await using var control = await tree.ConnectAsync();

        await File.WriteAllTextAsync(sick, "");
        await control.WaitForAsync(board => board.Service("web").State == ServicePhase.Backoff, "it was stopped");
        File.Delete(sick);

        await control.WaitForAsync(board => board.Service("web") is { State: ServicePhase.Ready, Restarts: > 0 }, "it is ready again");
        (await tree.RunAsync("why", "web")).Output.Should().MatchRegex(@"failed +health; .*failed 2 health checks in a row \(.*status 503\)");
    }

    [Fact]
    public async Task A_server_that_is_never_healthy_ends_in_a_crash_loop()
    {
        await using var tree = TestTree.Create();
        var (_, sick) = Configure(
            tree, """ "interval": "100ms", "failures": 1, "onFailure": "restart" """, """, "restart": { "crashLoop": { "failures": 2 } } """);
        await File.WriteAllTextAsync(sick, "");
        await tree.TryStartAsync();
        await using var control = await tree.ConnectAsync();

        var down = await control.WaitForAsync(board => board.Service("web").State == ServicePhase.CrashLoop, "it is given up");

        down.Service("web").Reason.Should().Contain("failed its health check");
    }

    [Theory]
    [InlineData("a signal")]
    [InlineData("a debugger")]
    public async Task A_server_that_is_held_is_not_checked(string holder)
    {
        await using var tree = TestTree.Create();

        // Several failures: on a busy machine a healthy server may miss one.
        var (_, sick) = Configure(tree, """ "interval": "100ms", "timeout": "100ms", "failures": 5 """);
        await tree.StartAsync();
        await using var control = await tree.ConnectAsync();
        var pid = (await tree.StatusAsync()).Service("web").Pid!.Value;

        using (holder == "a signal" ? new StoppedProcess(pid) : (IDisposable)new Tracer(pid))
        {
            await File.WriteAllTextAsync(sick, "");
            await Task.Delay(HoldTime);
            (await tree.StatusAsync()).Service("web").State.Should().Be(ServicePhase.Ready);
        }

        await control.WaitForAsync(board => board.Service("web").State == ServicePhase.Unhealthy, "the checks go on");
    }

    [Fact]
    public async Task A_server_with_several_probes_is_ready_once_each_has_succeeded()
    {
        await using var tree = TestTree.Create();
        var web = new TestService(tree, "web");
        tree.WriteConfig($$"""
            { "services": { "web": {
                "command": "{{Executables.Puppet}} --port {{web.Port}} & until [ -e warm ]; do sleep 0.1; done; echo cache is warm; wait",
                "ready": { "http": "{{web.Address}}", "log": "cache is warm" } } } }
            """);
        await using var starting = tree.Begin("start", "-d");
        await Wait.UntilAsync(web.AnswersAsync, "it answers");
        await using var control = await tree.ConnectAsync();
        await control.WaitForAsync(
            board => board.Service("web") is { State: ServicePhase.Starting, Reason: "not ready yet: no line of output matches \"cache is warm\"" }, "it waits for the line only");

        tree.Write("warm", "");

        await control.WaitForAsync(board => board.Service("web").State == ServicePhase.Ready, "it is ready");
    }

    [Fact]
    public async Task A_server_says_by_itself_how_far_it_is_and_when_it_is_ready()
    {
        await using var tree = TestTree.Create();
        var said = tree.Write("said", "STATUS=loading 1 of 2\n");
        tree.WriteConfig($$"""{ "services": { "web": { "command": ["{{Executables.Puppet}}", "--notify", "{{said}}"], "ready": { "notify": true } } } }""");
        await using var starting = tree.Begin("start", "-d");
        await Wait.UntilAsync(async () => (await tree.RunAsync("status")).ExitCode != (int)ExitCode.NotRunning, "the tree answers");
        await using var control = await tree.ConnectAsync();
        await control.WaitForAsync(board => board.Service("web") is { State: ServicePhase.Starting, StatusText: "loading 1 of 2" }, "it says how far it is");

        tree.Write("said", "READY=1\nSTATUS=2 pages loaded\n");

        await control.WaitForAsync(board => board.Service("web") is { State: ServicePhase.Ready, StatusText: "2 pages loaded" }, "it is ready");
        (await tree.RunAsync("status")).Output.Should().Contain("web says: 2 pages loaded");

        // A message of the server before it is none of the next one.
        tree.Write("said", "STATUS=the second");
        await using var restarting = tree.Begin("restart", "web");
        await control.WaitForAsync(board => board.Service("web") is { State: ServicePhase.Starting, Generation: 2, StatusText: "the second" }, "it waits again");
    }

    [Fact]
    public async Task A_server_that_gives_no_sign_of_life_is_unhealthy_until_it_gives_one()
    {
        await using var tree = TestTree.Create();
        var said = tree.Write("said", "READY=1");
        tree.WriteConfig($$"""
            { "services": { "web": {
                "command": "{{Executables.Puppet}} --notify {{said}}", "ready": { "notify": true }, "health": { "notify": true, "interval": "300ms", "failures": 2 } } } }
            """);
        await tree.StartAsync();
        await using var control = await tree.ConnectAsync();
        var silent = await control.WaitForAsync(board => board.Service("web").State == ServicePhase.Unhealthy, "it is silent");
        silent.Service("web").Reason.Should().Be("it has not sent WATCHDOG=1 to NOTIFY_SOCKET since the last check");

        tree.Write("said", "WATCHDOG=1");

        await Wait.UntilAsync(async () => (await control.CallAsync(it => it.WhyAsync("web", 100))).Entries.Any(entry => entry.Event == "healthy"), "it is healthy again");
        var environment = await File.ReadAllTextAsync($"/proc/{silent.Service("web").Pid}/environ");
        environment.Split('\0').Should().Contain("WATCHDOG_USEC=300000");
    }

    /// <returns>The service, and the file that makes it ill.</returns>
    private static (TestService Web, string Sick) Configure(TestTree tree, string health, string more = "")
    {
        var web = new TestService(tree, "web");
        var sick = Path.Combine(tree.Project, "sick");
        tree.WriteConfig($$"""
            { "services": { "web": {
                "command": ["{{Executables.Puppet}}", "--port", "{{web.Port}}", "--sick-while", "{{sick}}"], "ready": { "tcp": {{web.Port}} },
                "health": { "http": "{{web.Address}}", {{health}} }{{more}} } } }
            """);
        return (web, sick);
    }
}
