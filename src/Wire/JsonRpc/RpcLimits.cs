namespace Supervisor.Wire.JsonRpc;

/// <summary>
/// How much one end of a link may ask of the other. Beyond a limit an error is sent where one can be, then the link is closed. A message
/// that is merely wrong is answered with an error and the link lives.
/// </summary>
public static class RpcLimits
{
    public const int HeaderBytes = 4 * 1024;
    public const int BodyBytes = 1024 * 1024;

    /// <summary>Nesting of a whole message, its envelope included.</summary>
    public const int Depth = 64;

    /// <summary>Messages in one batch.</summary>
    public const int Batch = 32;

    /// <summary>Requests of one link whose handlers run at the same time. Further ones wait in the inbox, then in the other end's writes.</summary>
    public const int ConcurrentRequests = 64;

    /// <summary>Requests and notifications that were read and wait for their turn.</summary>
    public const int Inbox = 16;

    /// <summary>From a header's first byte to its last.</summary>
    public static readonly TimeSpan HeaderTime = TimeSpan.FromSeconds(5);

    /// <summary>From the end of the header to the body's last byte.</summary>
    public static readonly TimeSpan BodyTime = TimeSpan.FromSeconds(30);

    /// <summary>For handing one message to the kernel: a peer that does not read is cut off after this.</summary>
    public static readonly TimeSpan WriteTime = TimeSpan.FromSeconds(2);
}
