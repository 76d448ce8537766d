namespace Supervisor.Watcher.Sources;

/// <summary>How much of the kernel's scarce things one watcher takes. Tests lower them to see what happens at the limit.</summary>
/// <param name="BufferedBytes">4 MiB hold about 80,000 events; the kernel's own queue holds 16,384.</param>
internal sealed record SourceLimits(int Instances = 1, int Watches = int.MaxValue, int BufferedBytes = 4 * 1024 * 1024);
