using Supervisor.Host.Output;
using Supervisor.Host.Validation;

namespace Supervisor.Host.Probing;

/// <summary>Makes the probe of one run. A run that was given another port than the declared one is asked there.</summary>
internal sealed class ProbeMaker(ServiceSpec spec, ScopedCommand commands, OutputStore output)
{
    /// <summary>null: the service defines no readiness. A probe that listens does so from now on: call before the server is spawned.</summary>
    public IProbe? For(int? port) => spec.Ready switch
    {
        // TLS was measured to cost every native host 2.5 MB, for a question that a dev server's accepted connection answers nearly as well.
        ReadySpec.Http { Url.Scheme: "https" } https => new TcpProbe(https.Url.IdnHost, Actual(https.Url.Port, port)),
        ReadySpec.Http http => new HttpProbe(new UriBuilder(http.Url) { Port = Actual(http.Url.Port, port) }.Uri),
        ReadySpec.Tcp tcp => new TcpProbe(tcp.Host, Actual(tcp.Port, port)),
        ReadySpec.OutputLine line => new OutputLineProbe(line.Pattern, output),
        ReadySpec.Exec exec => new ExecProbe(commands, exec.Command, port),
        _ => null,
    };

    private int Actual(int declared, int? given) => declared == spec.Port ? given ?? declared : declared;
}
