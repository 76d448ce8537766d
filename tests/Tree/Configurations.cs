using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>Steps of tests that edit the configuration of a running tree.</summary>
internal static class Configurations
{
    public static void Configure(TestTree tree, params string[] services) => tree.WriteConfig($$"""{ "services": { {{string.Join(",\n", services)}} } }""");

    public static async Task StartedAsync(TestTree tree, params string[] services)
    {
        Configure(tree, services);
        await tree.StartAsync();
        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);
    }

    /// <summary>The servers and hosts of these services were not touched in between.</summary>
    public static void AreTheSame(StatusReport before, StatusReport after, params string[] services)
    {
        foreach (var service in services)
        {
            var (then, now) = (before.Service(service), after.Service(service));
            now.Should().BeEquivalentTo(new { then.Pid, then.HostPid, then.Generation, then.Restarts, then.State, then.StartedAt }, "{0} is untouched", service);
        }
    }
}
