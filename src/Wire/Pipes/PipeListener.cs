namespace Supervisor.Wire.Pipes;

/// <summary>A listening pipe for the processes of one user. Whoever binds it owns the path; a child that inherits it only serves.</summary>
public sealed class PipeListener : IDisposable
{
    private PipeListener()
    {
    }

    /// <summary>The listening socket, for passing it to a child.</summary>
    public int Descriptor => throw new NotSupportedException();

    /// <summary>Binds and listens. The caller holds the tree's lock, so a socket of ours at the path is stale and is replaced. Throws
    /// <see cref="RuntimeDirectoryException"/> for anything else that is in the way.</summary>
    public static PipeListener Bind(string path) => throw new NotSupportedException();

    /// <summary>Takes over the listening socket that the spawner left at a descriptor.</summary>
    public static PipeListener FromInherited(int descriptor) => throw new NotSupportedException();

    /// <summary>Serves every connection of our own user until stopped; returns when the connections it serves have ended.</summary>
    /// <param name="serve">Runs once per connection; the stream is disposed after it. What it throws ends that connection only.</param>
    public Task RunAsync(Func<Stream, PeerCredentials, CancellationToken, Task> serve, CancellationToken stopping) =>
        throw new NotSupportedException();

    public void Dispose()
    {
    }
}
