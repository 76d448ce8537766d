namespace Supervisor.Unit.Configuration;

/// <summary>What a service waits for, and what a task is.</summary>
public sealed class DependencySpecs : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Names_alone_wait_for_what_is_ready_and_for_tasks_that_have_completed()
    {
        var tree = _folder.Read(
            """
            { "services": {
                "db": { "command": ["run"] }, "migrate": { "kind": "task", "command": ["run"], "dependsOn": "db" },
                "web": { "command": ["run"], "dependsOn": ["db", "migrate"] } } }
            """);

        tree.Services[1].DependsOn.Should().Equal(Of(("db", DependencyCondition.Ready)));
        tree.Services[2].DependsOn.Should().Equal(Of(("db", DependencyCondition.Ready), ("migrate", DependencyCondition.Completed)));
    }

    [Fact]
    public void A_task_is_ready_when_it_has_completed_and_other_conditions_are_kept()
    {
        var tree = _folder.Read(
            """
            { "services": {
                "migrate": { "kind": "task", "command": ["run"] }, "a": { "command": ["run"], "dependsOn": { "migrate": "ready" } },
                "b": { "command": ["run"], "dependsOn": { "migrate": "ended" } }, "c": { "command": ["run"], "dependsOn": { "migrate": "started" } } } }
            """);

        tree.Services.Skip(1).SelectMany(service => service.DependsOn.Values)
            .Should().Equal(DependencyCondition.Completed, DependencyCondition.Ended, DependencyCondition.Started);
    }

    [Fact]
    public void A_task_is_not_run_again_by_itself_unless_its_policy_says_so()
    {
        var tree = _folder.Read(
            """
            { "services": {
                "once": { "kind": "task", "command": ["run"] }, "again": { "kind": "task", "command": ["run"], "restart": { "policy": "on-failure" } },
                "web": { "kind": "server", "command": ["run"] } } }
            """);

        tree.Services.Select(service => service.Restart.Policy).Should().Equal(RestartPolicy.Never, RestartPolicy.OnFailure, RestartPolicy.OnFailure);
    }

    [Fact]
    public void Who_waits_for_a_task_with_instances_waits_for_each_to_complete() =>
        _folder.Read("""{ "services": { "seed": { "kind": "task", "command": ["run"], "instances": 2 }, "web": { "command": ["run"], "dependsOn": ["seed"] } } }""")
            .Services[2].DependsOn.Should().Equal(Of(("seed-1", DependencyCondition.Completed), ("seed-2", DependencyCondition.Completed)));

    [Fact]
    public void A_cycle_in_short_form_is_told_at_its_name() =>
        _folder.Mistakes("""{ "services": { "a": { "command": "x", "dependsOn": ["b"] }, "b": { "command": "x", "dependsOn": ["a"] } } }""")
            .Should().ContainSingle().Which.Should().Match<Supervisor.Configuration.Mistake>(mistake =>
                mistake.Path == "services.a.dependsOn[0]" && mistake.Message.EndsWith("a → b → a", StringComparison.Ordinal));

    [Fact]
    public void Who_restarts_with_an_entry_of_instances_restarts_with_each_and_no_circle_is_allowed()
    {
        _folder.Read("""{ "services": { "db": { "command": ["run"], "instances": 2 }, "web": { "command": ["run"], "restartWith": "db" } } }""")
            .Services[2].RestartWith.Should().Equal("db-1", "db-2");
        _folder.Mistakes("""{ "services": { "a": { "command": "x", "restartWith": ["b"] }, "b": { "command": "x", "restartWith": ["a"] } } }""")
            .Should().ContainSingle().Which.Message.Should().Be("is part of a cycle, so one restart would never end: a → b → a");
    }

    private static Dictionary<string, DependencyCondition> Of(params (string Name, DependencyCondition Condition)[] needed) =>
        needed.ToDictionary(it => it.Name, it => it.Condition, StringComparer.Ordinal);
}
