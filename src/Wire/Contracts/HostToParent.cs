using Supervisor.Wire.JsonRpc;

namespace Supervisor.Wire.Contracts;

/// <summary>What a host tells the parent that greeted it.</summary>
public static class HostToParent
{
    /// <summary>Sent at every change of the status, and every 2 s as the host's sign of life.</summary>
    public static readonly RpcNotification<ServiceStatus> Status = new("parent/status", WireJson.Default.ServiceStatus);
}
