using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>Services of the kind "task": they run to their end.</summary>
public sealed class TaskSpecs
{
    [Fact]
    public async Task Who_names_a_task_starts_after_its_success_and_a_saved_file_of_the_task_runs_it_again()
    {
        await using var tree = TestTree.Create();
        tree.Write("migrate.sh", "echo first\n");
        tree.WriteConfig(
            """
            { "services": {
                "migrate": { "kind": "task", "command": ["sh", "migrate.sh"], "watch": { "paths": ["migrate.sh"] } },
                "web": { "command": ["sleep", "1000"], "dependsOn": ["migrate"] } } }
            """);

        (await tree.RunAsync("start", "-d")).ExitCode.Should().Be(0);
        var started = await tree.StatusAsync();
        started.Service("migrate").State.Should().Be(ServicePhase.Completed);
        started.Service("web").State.Should().Be(ServicePhase.Running);
        await using var control = await tree.ConnectAsync();

        tree.Write("migrate.sh", "echo second\n");

        var again = await control.WaitForAsync(board => board.Service("migrate") is { State: ServicePhase.Completed, Generation: 2 }, "the task has run again");
        again.Service("web").Pid.Should().Be(started.Service("web").Pid, "who has started goes on");
        (await tree.RunAsync("logs", "migrate")).Output.Should().Contain("first").And.Contain("second");
    }

    [Fact]
    public async Task A_task_that_fails_holds_back_who_names_it_until_a_saved_file_lets_it_succeed()
    {
        await using var tree = TestTree.Create();
        tree.Write("migrate.sh", "exit 3\n");
        tree.WriteConfig(
            """
            { "services": {
                "migrate": { "kind": "task", "command": ["sh", "migrate.sh"], "watch": { "paths": ["migrate.sh"] } },
                "web": { "command": ["sleep", "1000"], "dependsOn": "migrate" } } }
            """);

        var failed = await tree.RunAsync("start", "-d");
        failed.ExitCode.Should().NotBe(0);
        (failed.Output + failed.Errors).Should().Contain("migrate").And.Contain("3");
        await using var control = await tree.ConnectAsync();
        (await control.WaitForAsync(board => board.Service("migrate").State == ServicePhase.Failed, "it has failed")).Service("web").State.Should().Be(ServicePhase.Pending);

        tree.Write("migrate.sh", "exit 0\n");

        await control.WaitForAsync(board => board.Service("web").State == ServicePhase.Running, "the task has succeeded, and web runs");
    }
}
