using Supervisor.Host.Output;
using Supervisor.Host.Terminals;
using Supervisor.Processes;

namespace Supervisor.Host.Running;

/// <summary>What every run of the service needs.</summary>
/// <param name="PipePath">Of this host's own pipe.</param>
/// <param name="Terminal">null: the service has none.</param>
/// <param name="Spec">As the parent read it; what depends on env files is read anew from <paramref name="Configuration"/>.</param>
internal sealed record RunSetup(
    ServiceSpec Spec, ServiceConfiguration Configuration, ServiceScopes Scopes, ServerLimits Limits, ProcessLauncher Launcher, OutputStore Output,
    ServiceTerminal? Terminal, string PipePath, TimeProvider Time);
