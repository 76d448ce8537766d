using System.Globalization;
using Supervisor.Processes;

namespace Supervisor.Cli.Doctor;

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
        { Owner: PortOwner.OtherService other } => Taken(port, $"{other.Service} of this tree", "supervisor status"),
        { Owner: PortOwner.Leftover } => Taken(port, "a server left by a dead run", "supervisor doctor --clean"),
        { Holder.Pid: { } pid } => Taken(port, "another program", string.Create(CultureInfo.InvariantCulture, $"kill {pid}")),
        _ => Taken(port, "a process of another user that cannot be seen from here", string.Create(CultureInfo.InvariantCulture, $"sudo ss -ltnp 'sport = :{port.Port}'")),
    };

    private static Finding Taken(PortFact port, string by, string mend) => new(
        Check, port.OnConflict == PortConflict.Next ? Severity.Advice : Severity.Mend,
        $"port {port.Port} of {port.Service} is taken by {by}{(port.Holder is { Pid: not null } holder ? $" ({Process(holder)})" : "")}",
        port.OnConflict == PortConflict.Next
            ? $"{port.Service} takes the next free port instead (\"onPortConflict\": \"next\")."
            : port.Owner is PortOwner.Leftover
            ? "The next \"supervisor start\" takes it over, or ends it and frees the port."
            : $"{port.Service} cannot start while it is taken. If that program is to keep the port, configure another one for {port.Service}.",
        mend);

    private static string Process(PortHolder holder) => string.Create(
        CultureInfo.InvariantCulture, $"pid {holder.Pid}, {holder.Command}, user {holder.User}, since {holder.StartedAt?.UtcDateTime:yyyy-MM-dd HH:mm} UTC");
}
