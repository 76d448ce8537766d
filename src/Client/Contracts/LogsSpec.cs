namespace Supervisor.Client;

/// <summary>The log files of a service.</summary>
/// <param name="RotateAt">In bytes: a file that has reached this is put aside.</param>
/// <param name="Files">How many there are, the one that is written to included.</param>
public sealed record LogsSpec(long RotateAt, int Files)
{
    public static readonly LogsSpec Default = new(10_000_000, 5);
}
