namespace Supervisor.Wire.Frames;

/// <summary>
/// Limits for what one end of a link may demand of the other. When a limit is exceeded, an error is sent if possible, then the link is closed. A
/// message that is only wrong is answered with an error and the link continues.
/// </summary>
public static class FrameLimits
{
    public const int HeaderBytes = 4 * 1024;
    public const int BodyBytes = 1024 * 1024;

    /// <summary>Nesting of a whole message, its envelope included.</summary>
    public const int Depth = 64;

    /// <summary>Requests of one link that have no answer yet. At the limit nothing more is read: the other end's writes wait.</summary>
    public const int ConcurrentRequests = 64;

    /// <summary>From a header's first byte to its last.</summary>
    public static readonly TimeSpan HeaderTime = TimeSpan.FromSeconds(5);

    /// <summary>From the end of the header to the body's last byte.</summary>
    public static readonly TimeSpan BodyTime = TimeSpan.FromSeconds(30);

    /// <summary>For passing one message to the kernel: the link to a peer that does not read is closed after this.</summary>
    public static readonly TimeSpan WriteTime = TimeSpan.FromSeconds(2);
}
