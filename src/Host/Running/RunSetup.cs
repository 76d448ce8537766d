using Supervisor.Host.Output;
using Supervisor.Processes;

namespace Supervisor.Host.Running;

/// <summary>What every run of the service is started with.</summary>
internal sealed record RunSetup(
    ServiceSpec Spec, ScopeMaker Scopes, ServerLimits Limits, ProcessLauncher Launcher, OutputStore Output, TimeProvider Time);
