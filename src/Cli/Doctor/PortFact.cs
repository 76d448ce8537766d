using Supervisor.Processes;

namespace Supervisor.Cli.Doctor;

/// <summary>Whose process listens on a configured port.</summary>
internal abstract record PortOwner
{
    /// <summary>The service that the port is configured for.</summary>
    internal sealed record Itself : PortOwner;

    /// <summary>Another service of a tree of this user that runs.</summary>
    /// <param name="ConfigFolder">Of its tree; null: this tree.</param>
    internal sealed record OtherService(string Service, string? ConfigFolder) : PortOwner;

    /// <summary>Left by a dead run.</summary>
    internal sealed record Leftover : PortOwner;

    internal sealed record Stranger : PortOwner;
}

/// <summary>A configured port.</summary>
/// <param name="Holder">null: the port is free.</param>
internal sealed record PortFact(string Service, int Port, PortConflict OnConflict, PortHolder? Holder, PortOwner Owner)
{
    /// <param name="id">Of the configuration's tree.</param>
    public static IReadOnlyList<PortFact> Read(TreeSpec spec, string id, IReadOnlyList<KnownTree> trees)
    {
        var processes = new OwnProcesses(trees);
        return
        [
            .. from service in spec.Services
               let port = service.Port ?? 0
               where port > 0
               let holder = PortHolders.Find(port)
               select new PortFact(service.Name, port, service.OnPortConflict, holder, Of(service.Name, id, holder?.Pid is { } pid ? processes.OwnerOf(pid) : null, trees)),
        ];
    }

    private static PortOwner Of(string service, string id, (string Tree, string Service)? owner, IReadOnlyList<KnownTree> trees)
    {
        if (owner is not (var tree, var name) || trees.FirstOrDefault(known => known.Runtime.Id == tree) is not { } known)
            return new PortOwner.Stranger();
        if (!known.IsLive)
            return new PortOwner.Leftover();

        return (tree == id, name == service) switch
        {
            (true, true) => new PortOwner.Itself(),
            (true, false) => new PortOwner.OtherService(name, ConfigFolder: null),
            _ => new PortOwner.OtherService(name, known.Launches.Select(host => host.Launch.ConfigFolder).FirstOrDefault() ?? known.Runtime.Root),
        };
    }
}
