using Supervisor.Host.Output;
using Supervisor.Processes;

namespace Supervisor.Host.Running;

/// <summary>What every run of the service needs.</summary>
/// <param name="PipePath">Of this host's own pipe.</param>
/// <param name="Spec">As the parent read it; what depends on env files is read anew from <paramref name="Configuration"/>.</param>
internal sealed record RunSetup(
    ServiceSpec Spec, ServiceConfiguration Configuration, ServiceScopes Scopes, ServerLimits Limits, ProcessLauncher Launcher, OutputStore Output, string PipePath, TimeProvider Time);
