
namespace Supervisor.Watcher.Links;

/// <summary>What the work loop tells its parent. Any of these throws <see cref="IOException"/> when the link has ended.</summary>
internal interface IParent
{
    /// <summary>Completes when the parent has applied the batch. To be begun in the batches' order.</summary>
    Task DeliverAsync(ChangeBatch batch, CancellationToken cancellationToken);

    Task BeatAsync(Heartbeat heartbeat, CancellationToken cancellationToken);

    Task WarnAsync(WatcherWarning warning, CancellationToken cancellationToken);
}
