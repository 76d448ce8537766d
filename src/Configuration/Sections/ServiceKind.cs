namespace Supervisor.Configuration.Sections;

/// <summary>What is expected of a service.</summary>
internal enum ServiceKind
{
    /// <summary>It runs on.</summary>
    Server,

    /// <summary>It runs to its end. It is not run again by itself, and who waits for it waits for its success.</summary>
    Task,
}

/// <summary>What a task cannot have.</summary>
internal static class TaskChecks
{
    private static readonly string[] OfServers = ["ready", "health", "onPortConflict"];

    public static void Check(SectionReader service, RestartSpec restart)
    {
        foreach (var key in OfServers.Where(key => service.Node(key) is not null))
            service.Mistakes.Add(service.Node(key)!.Path, service.At(key), "is for servers, and \"kind\" is \"task\": a task runs to its end; remove one of them");

        if (restart.Policy == RestartPolicy.Always)
            service.Mistakes.Add(service.Node("restart")!, "has the policy \"always\", and \"kind\" is \"task\": that would run the task again and again; remove one of them");
    }
}
