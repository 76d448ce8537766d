using System.Globalization;
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
    public static IEnumerable<PortFact> Read(TreeSpec spec, string id, IReadOnlyList<KnownTree> trees) =>
        from service in spec.Services
        let port = service.Port ?? 0
        where port > 0
        let holder = PortHolders.Find(port)
        select new PortFact(service.Name, port, service.OnPortConflict, holder, OwnerOf(service.Name, id, holder?.Pid is { } pid ? ProcessTag.Find(pid) : null, trees));

    internal static PortOwner OwnerOf(string service, string id, string? tag, IReadOnlyList<KnownTree> trees)
    {
        if (tag?.Split('/', count: 2) is not [var tree, var name] || trees.FirstOrDefault(known => known.Runtime.Id == tree) is not { } known)
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

/// <summary>Who holds the ports of the configuration, as findings. Pure.</summary>
internal static class PortChecks
{
    private const string Check = "port";

    public static IEnumerable<Finding> Of(IEnumerable<PortFact> ports) => ports.Select(Of);

    private static Finding Of(PortFact port) => port switch
    {
        { Holder: null } => new Finding(Check, Severity.Ok, $"port {port.Port} of {port.Service} is free"),
        { Owner: PortOwner.Itself } => new Finding(Check, Severity.Ok, $"port {port.Port} of {port.Service} is in use by {port.Service} ({Process(port.Holder)})"),
        { Owner: PortOwner.OtherService { ConfigFolder: { } folder } other } =>
            Taken(port, $"{other.Service} of the tree in {folder}", $"cd '{folder}' && supervisor stop {other.Service}"),
        { Owner: PortOwner.OtherService other } => Taken(port, $"{other.Service} of this tree", "supervisor check"),
        { Owner: PortOwner.Leftover } => Taken(port, "a server left by a dead run", "supervisor doctor --clean"),
        { Holder.Pid: { } pid } => Taken(port, "another program", string.Create(CultureInfo.InvariantCulture, $"kill {pid}")),
        _ => Taken(port, "a process of another user that cannot be seen from here", string.Create(CultureInfo.InvariantCulture, $"sudo ss -ltnp 'sport = :{port.Port}'")),
    };

    private static Finding Taken(PortFact port, string by, string mend) => new(
        Check, port.OnConflict == PortConflict.Next ? Severity.Advice : Severity.Mend,
        $"port {port.Port} of {port.Service} is taken by {by}{(port.Holder is { Pid: not null } holder ? $" ({Process(holder)})" : "")}",
        port.OnConflict == PortConflict.Next
            ? $"{port.Service} takes the next free port instead (\"onPortConflict\": \"next\")."
            : $"{port.Service} cannot start while it is taken. If that program is to keep the port, configure another one for {port.Service}.",
        mend);

    private static string Process(PortHolder holder) => string.Create(
        CultureInfo.InvariantCulture, $"pid {holder.Pid}, {holder.Command}, user {holder.User}, since {holder.StartedAt?.UtcDateTime:yyyy-MM-dd HH:mm} UTC");
}
