using Supervisor.Watcher.Delivery;

namespace Supervisor.Watcher.Links;

/// <summary>What the outside asks of the work loop.</summary>
internal abstract record LoopRequest
{
    internal sealed record Ping(TaskCompletionSource Answer) : LoopRequest;

    internal sealed record Flush(AwaitedFlush Asked) : LoopRequest;

    internal sealed record Hold(bool Held, TaskCompletionSource Answer) : LoopRequest;

    internal sealed record Trim(TaskCompletionSource Answer) : LoopRequest;

    /// <summary>Take in nothing more, deliver what is settled, end with this code.</summary>
    internal sealed record Drain(int ExitCode) : LoopRequest;

    /// <summary>The watcher before us is gone, and the parent has applied what the baseline says.</summary>
    internal sealed record TakeOver(WatchBaseline Baseline, TaskCompletionSource Answer) : LoopRequest;

    /// <summary>The parent has applied the batch.</summary>
    internal sealed record Applied(Cursor Cursor) : LoopRequest;

    /// <summary>The parent would not take a batch: without it nothing later may be delivered.</summary>
    internal sealed record Refused(string Reason) : LoopRequest;
}
