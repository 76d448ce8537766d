using Supervisor.Host.Output;
using Supervisor.Processes;

namespace Supervisor.Host.Running;

/// <summary>What every run of the service needs.</summary>
internal sealed record RunSetup(
    ServiceSpec Spec, ServiceScopes Scopes, ServerLimits Limits, ProcessLauncher Launcher, OutputStore Output, TimeProvider Time);
