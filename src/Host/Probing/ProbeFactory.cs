using Supervisor.Host.Output;
using Supervisor.Host.Validation;

namespace Supervisor.Host.Probing;

/// <summary>Creates the probes of one run. If the run uses another port than the declared one, the probes use that port.</summary>
/// <param name="notify">Of the run, where the spec asks for it.</param>
internal sealed class ProbeFactory(ServiceSpec spec, CommandRunner commands, OutputStore output, NotifySocket? notify)
{
    /// <summary>Empty: the service defines no readiness. An output probe subscribes here, so call this before the server is spawned.</summary>
    public IReadOnlyList<IProbe> Ready(int? port) => [.. (spec.Ready?.Each() ?? []).Select(ready => ready is ReadySpec.Notify ? Told : Create(ready, "ready", port))];

    /// <summary>null: the service defines no health check.</summary>
    public IProbe? Health(int? port) => spec.Health switch
    {
        null => null,
        { Probe: ReadySpec.Notify } => Told.Watchdog,
        { Probe: var probe } => Create(probe, "health", port),
    };

    private NotifySocket Told => notify ?? throw new InvalidOperationException("This run has no socket for what its server says.");

    /// <param name="name">Of the processes that it may start.</param>
    private IProbe Create(ReadySpec probe, string name, int? port) => probe switch
    {
        // TLS costs every native host 2.5 MB (measured), and an accepted connection answers the question nearly as well for a dev server.
        ReadySpec.Http { Url.Scheme: "https" } https => new TcpProbe(https.Url.IdnHost, Actual(https.Url.Port, port)),
        ReadySpec.Http http => new HttpProbe(new UriBuilder(http.Url) { Port = Actual(http.Url.Port, port) }.Uri, http.Statuses, http.Headers),
        ReadySpec.Tcp tcp => new TcpProbe(tcp.Host, Actual(tcp.Port, port)),
        ReadySpec.OutputLine line => new OutputLineProbe(line.Pattern, output),
        ReadySpec.Exec exec => new ExecProbe(commands, spec, exec.Command, name, port),
        _ => throw new InvalidOperationException($"{probe} has no probe."),
    };

    private int Actual(int declared, int? given) => declared == spec.Port ? given ?? declared : declared;
}
