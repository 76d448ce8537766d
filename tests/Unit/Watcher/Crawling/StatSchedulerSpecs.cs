using Supervisor.Filtering;
using Supervisor.Filtering.Links;
using Supervisor.Watcher.Coalescing;
using Supervisor.Watcher.Crawling;
using Supervisor.Watcher.Delivery;
using Supervisor.Watcher.Sources;
using BackendChooser = Supervisor.Watcher.Sources.Backends.Backends;

namespace Supervisor.Unit.Watcher.Crawling;

/// <summary>An answer may be older than what has been heard since the question: it must not be what stands.</summary>
public sealed class StatSchedulerSpecs : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly WatchedTree _tree = new();
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _answered = new(0);
    private readonly StateMap _map = new();
    private readonly DirtySet _dirty;
    private readonly BackendChooser _backends;
    private readonly TreeReader _reader;
    private readonly StatWorkers _statWorkers;
    private readonly StatScheduler _scheduler;

    public StatSchedulerSpecs()
    {
        var hello = RunningWatcher.Hello(_tree, new ModelParent(_tree.Root));
        var filter = WatchFilter.Create(hello.Settings, hello.Subscriptions, [_tree.RuntimeFolder]);
        _dirty = new DirtySet(filter.Roots);
        _backends = new BackendChooser(hello, filter, new SourceLimits(), () => { });
        var watches = new WatchTable(_map, _backends);
        _reader = new TreeReader(_map, watches, filter, new RuleFileTracker(filter), CompareMode.Content, new NullObserver());
        _statWorkers = new StatWorkers(CompareMode.Content, () => _answered.Release());
        _scheduler = new StatScheduler(_map, _reader, _dirty, _statWorkers, filter.Roots);
        _reader.RequestRoots(ReadFlags.Deep);
        ReadAll();
    }

    [Theory]
    [InlineData("a file")]
    [InlineData(null)]
    public async Task A_folder_created_after_a_pending_stat_found_something_else_is_read_to_the_bottom(string? found)
    {
        if (found is not null)
            _tree.Write("a", found);

        var workers = _statWorkers.RunAsync(_end.Token);
        _dirty.Mark(_tree["a"], DirtyDepth.Entry);
        _scheduler.TryScheduleNext();
        (await _answered.WaitAsync(Patience)).Should().BeTrue();

        File.Delete(_tree["a"]);
        _tree.Write("a/b/c", "beneath");
        _dirty.Mark(_tree["a"], DirtyDepth.Subtree);
        await SettleAsync();

        _map.StateOf(_reader.Resolve(_tree["a/b/c"])).Kind.Should().Be(FileKind.File);
        await _end.CancelAsync();
        await workers;
    }

    public void Dispose()
    {
        _end.Dispose();
        _answered.Dispose();
        _backends.Dispose();
        _tree.Dispose();
    }

    // As the loop does: what is marked first, then what was answered.
    private async Task SettleAsync()
    {
        do
        {
            while (_scheduler.TryScheduleNext())
                ReadAll();

            _scheduler.TakeResults();
            ReadAll();

            if (_statWorkers.Outstanding > 0)
                (await _answered.WaitAsync(Patience)).Should().BeTrue();
        }
        while (_dirty.Count > 0 || _statWorkers.Outstanding > 0);
    }

    private void ReadAll()
    {
        while (_reader.Waiting > 0)
            _reader.ReadNext();

        _reader.Settle();
    }

    /// <summary>What is told of findings is judged elsewhere; here it is the map.</summary>
    private sealed class NullObserver : ICrawlObserver
    {
        public void Changed(string path, FileState? before, FileState? after)
        {
        }

        public void Refreshed(string path, in FileState before, in FileState after)
        {
        }

        public void FirstSeen(ReadOnlySpan<char> path, in FileState state, DirectoryInterest interest)
        {
        }

        public void Revisited(ReadOnlySpan<char> path, in FileState state, DirectoryInterest interest)
        {
        }

        public void Unignored(string path, in FileState state)
        {
        }

        public void NowIgnored(string path, in FileState state)
        {
        }

        public void RulesChanged(DateTimeOffset? since)
        {
        }

        public void LinkRefused(LinkedFolder link, LinkRefusal refusal)
        {
        }

        public void RepositoryFound(string folder)
        {
        }

        public void Unreadable(string directory, int error)
        {
        }
    }
}
