using System.Diagnostics.CodeAnalysis;

namespace Supervisor.Wire.Frames;

/// <summary>The end of a link and its reason. The first reason wins; later ones are consequences. Thread-safe.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer or links holds nothing but memory; its token is asked after the end.")]
internal sealed class LinkEnd
{
    private readonly CancellationTokenSource _ended = new();
    private string? _reason;

    /// <summary>Cancelled when the link has ended.</summary>
    public CancellationToken Token => _ended.Token;

    public bool HasEnded => Volatile.Read(ref _reason) is not null;

    public string Reason => Volatile.Read(ref _reason) ?? "the link has not ended";

    public void Set(string reason)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null)
            _ended.Cancel();
    }

    public LinkEndedException ToException(Exception? inner = null) => new($"The link has ended: {Reason}.", inner);
}
