namespace Supervisor.Wire.Pipes;

/// <summary>Connects to a pipe, never longer than its deadline. The stream belongs to the caller.</summary>
public static class PipeClient
{
    /// <summary>Throws <see cref="PipeUnavailableException"/>.</summary>
    public static Task<Stream> ConnectAsync(string path, TimeSpan deadline, TimeProvider time, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
