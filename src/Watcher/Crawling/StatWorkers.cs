using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Threading.Channels;
using Supervisor.Watcher.Delivery;
using Supervisor.Watcher.Sources;

namespace Supervisor.Watcher.Crawling;

/// <summary>
/// The workers that stat single paths and, where content is compared, hash files without a hash, with the bounded queue between them and the loop.
/// The loop queues and takes; the workers share nothing mutable.
/// </summary>
/// <param name="completed">Called on a worker's thread when a result is ready; must not block.</param>
[SupportedOSPlatform("linux")]
internal sealed class StatWorkers(CompareMode compare, Action completed)
{
    public const int Capacity = 1_000;
    private const int Workers = 4;

    // Full means that the file system is slower than the events: the loop keeps the rest in its dirty set, which coarsens.
    private readonly Channel<StatRequest> _requests = Channel.CreateBounded<StatRequest>(new BoundedChannelOptions(Capacity) { SingleWriter = true });

    // As large as the number of outstanding requests can be, so that no worker ever waits here.
    private readonly Channel<StatResult> _results = Channel.CreateBounded<StatResult>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    /// <summary>Queued and not yet taken.</summary>
    public int Outstanding { get; private set; }

    public bool HasRoom => Outstanding < Capacity;

    /// <summary>Only while there is room.</summary>
    public void Enqueue(in StatRequest request)
    {
        if (!HasRoom || !_requests.Writer.TryWrite(request))
            throw new InvalidOperationException("The stat queue is full.");

        Outstanding++;
    }

    public bool TryTake(out StatResult result)
    {
        if (!_results.Reader.TryRead(out result))
            return false;

        Outstanding--;
        return true;
    }

    /// <summary>Runs the workers until stopped.</summary>
    public Task RunAsync(CancellationToken stopping) =>
        Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(() => WorkAsync(stopping), CancellationToken.None)));

    private async Task WorkAsync(CancellationToken stopping)
    {
        var buffer = new byte[FileInspector.BufferSize];

        try
        {
            await foreach (var request in _requests.Reader.ReadAllAsync(stopping))
            {
                await _results.Writer.WriteAsync(new StatResult(request, Find(request, buffer)), stopping);
                completed();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Results are no longer taken.
        }
    }

    private FileState Find(in StatRequest request, byte[] buffer)
    {
        var found = FileInspector.Stat(request.Bytes, request.FollowLink);
        var isKnown = request.Known.ContentHash != 0 && found.HasSameStat(request.Known) && !request.Known.Racy;

        if (isKnown)
            return found with { ContentHash = request.Known.ContentHash };

        return compare == CompareMode.Content || request.Known.Racy
            ? found with { ContentHash = FileInspector.ContentHash(request.Bytes, found, buffer) }
            : found;
    }
}

/// <summary>A request to stat one name. A value: the worker shares nothing with the loop.</summary>
/// <param name="Directory">Node of the directory that the name is in.</param>
/// <param name="Version">The directory's version when the request was made; if it differs by now, the result is stale.</param>
/// <param name="Path">The same path as <paramref name="Bytes"/>, which are absolute and ended by a zero byte.</param>
/// <param name="NameAt">Where in the bytes the name begins.</param>
/// <param name="FollowLink">The path is a root: a symbolic link there stands for what it leads to.</param>
/// <param name="Known">What the state map says; the default value when it has no entry.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StatRequest(int Directory, int Version, string Path, byte[] Bytes, int NameAt, bool FollowLink, FileState Known)
{
    public ReadOnlySpan<byte> Name => Bytes.AsSpan(NameAt, Bytes.Length - NameAt - 1);
}

/// <summary>A request and its result; the default state when nothing was there.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StatResult(StatRequest Request, FileState Found);
