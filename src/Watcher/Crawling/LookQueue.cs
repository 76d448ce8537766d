using System.Runtime.Versioning;
using System.Threading.Channels;
using Supervisor.Watcher.Delivery;
using Supervisor.Watcher.Sources;

namespace Supervisor.Watcher.Crawling;

/// <summary>
/// The bounded queue between the loop and the workers that look at single paths: stat them and, where content is to be compared, hash what has no
/// hash yet. The loop offers and takes; the workers share nothing mutable.
/// </summary>
/// <param name="answered">Called on a worker's thread when there is something to take; must not block.</param>
[SupportedOSPlatform("linux")]
internal sealed class LookQueue(CompareMode compare, Action answered)
{
    public const int Capacity = 1_000;
    private const int Workers = 4;

    // Full means that the file system is slower than the hints come: the loop keeps the rest in its dirty set, which coarsens.
    private readonly Channel<Look> _asked = Channel.CreateBounded<Look>(new BoundedChannelOptions(Capacity) { SingleWriter = true });

    // As large as what can be outstanding, so that no worker ever waits here.
    private readonly Channel<Looked> _answers = Channel.CreateBounded<Looked>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    /// <summary>Asked for and not yet taken.</summary>
    public int Outstanding { get; private set; }

    public bool HasRoom => Outstanding < Capacity;

    /// <summary>Only while there is room.</summary>
    public void Ask(in Look look)
    {
        if (!HasRoom || !_asked.Writer.TryWrite(look))
            throw new InvalidOperationException("The queue of looks is full.");

        Outstanding++;
    }

    public bool TryTake(out Looked answer)
    {
        if (!_answers.Reader.TryRead(out answer))
            return false;

        Outstanding--;
        return true;
    }

    /// <summary>Runs the workers until stopped.</summary>
    public Task RunAsync(CancellationToken stopping) =>
        Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(() => WorkAsync(stopping), CancellationToken.None)));

    private async Task WorkAsync(CancellationToken stopping)
    {
        var buffer = new byte[FileLook.BufferSize];

        try
        {
            await foreach (var look in _asked.Reader.ReadAllAsync(stopping))
            {
                await _answers.Writer.WriteAsync(new Looked(look, Find(look, buffer)), stopping);
                answered();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Nobody takes answers any more.
        }
    }

    private FileState Find(in Look look, byte[] buffer)
    {
        var found = FileLook.Stat(look.Bytes, look.FollowLink);
        var isKnown = look.Known.ContentHash != 0 && found.HasSameStat(look.Known) && !look.Known.Racy;

        if (isKnown)
            return found with { ContentHash = look.Known.ContentHash };

        return compare == CompareMode.Content || look.Known.Racy
            ? found with { ContentHash = FileLook.ContentHash(look.Bytes, found, buffer) }
            : found;
    }
}
