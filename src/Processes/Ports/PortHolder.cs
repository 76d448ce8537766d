namespace Supervisor.Processes;

/// <summary>The process that listens on a port. For another user's process, the kernel hides which process it is.</summary>
/// <param name="Pid">null: unknown.</param>
public sealed record PortHolder(int Port, int? Pid, string? Command, string? User, DateTimeOffset? StartedAt)
{
    public string Describe() => Pid is null
        ? $"port {Port} is taken by a process of another user that cannot be seen from here; free the port, or configure another one"
        : $"port {Port} is taken by pid {Pid} ({Command}, user {User}, started {StartedAt:yyyy-MM-dd HH:mm:ss} UTC); "
            + "end that process, or configure another port";
}
