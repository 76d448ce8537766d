namespace Supervisor.Wire.Frames;

/// <summary>
/// How much one end of a link may ask of the other. Beyond a limit an error is sent where one can be, then the link is closed. A message
/// that is merely wrong is answered with an error and the link lives.
/// </summary>
public static class FrameLimits
{
    public const int HeaderBytes = 4 * 1024;
    public const int BodyBytes = 1024 * 1024;

    /// <summary>Nesting of a whole message, its envelope included.</summary>
    public const int Depth = 64;

    /// <summary>Requests of one link that have no answer yet. With so many, nothing more is read: the other end's writes wait.</summary>
    public const int ConcurrentRequests = 64;

    /// <summary>From a header's first byte to its last.</summary>
    public static readonly TimeSpan HeaderTime = TimeSpan.FromSeconds(5);

    /// <summary>From the end of the header to the body's last byte.</summary>
    public static readonly TimeSpan BodyTime = TimeSpan.FromSeconds(30);

    /// <summary>For handing one message to the kernel: a peer that does not read is cut off after this.</summary>
    public static readonly TimeSpan WriteTime = TimeSpan.FromSeconds(2);
}
