using Supervisor.Watcher.Coalescing;
using Supervisor.Watcher.Delivery;

namespace Supervisor.Unit.Watcher.Delivery;

/// <summary>What a watcher learns of files whose content stays the same: the next one must know it too.</summary>
public sealed class RefreshedStateSpecs : IDisposable
{
    private const string Rules = "rules";
    private readonly string _folder = Directory.CreateTempSubdirectory("change-log-").FullName;
    private readonly Random _random = new(23);

    private string LogPath => Path.Combine(_folder, "watcher.snapshot");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_refreshed_state_belongs_to_its_cursor_and_to_later_ones(int learnedAt)
    {
        var state = Tree();
        var history = new Dictionary<Cursor, StateDictionary>();

        using (var log = new ChangeLog(LogPath, Rules))
        {
            log.Rewrite(new Cursor(1, 0), state.WriteTo);
            history[new Cursor(1, 0)] = new StateDictionary(state);

            for (var sequence = 1; sequence <= 4; sequence++)
            {
                if (sequence - 1 == learnedAt)
                    history[new Cursor(1, learnedAt)] = Learn(log, new Cursor(1, learnedAt), state);

                var changes = Modified(state);
                state.Apply(changes);
                log.Append(new Cursor(1, sequence), changes);
                history[new Cursor(1, sequence)] = new StateDictionary(state);
            }
        }

        foreach (var (cursor, expected) in history)
            Load(cursor).State.Should().Equal(expected);
    }

    [Fact]
    public void A_refreshed_state_survives_the_next_watcher_and_compaction()
    {
        var state = Tree();
        var at = new Cursor(1, 0);

        using (var log = new ChangeLog(LogPath, Rules))
        {
            log.Rewrite(at, state.WriteTo);

            for (var round = 0; round < 4_000; round++)
                state = Learn(log, at, state);

            var grown = new FileInfo(LogPath).Length;
            log.CompactIfWorthwhile(at).Should().BeOfType<LogWrite.Written>();
            new FileInfo(LogPath).Length.Should().BeLessThan(grown / 10);
            state = Learn(log, at, state);
        }

        var (resumed, loaded) = Load(at);
        loaded.Should().Equal(state);

        using (var next = new ChangeLog(LogPath, Rules))
            next.Resume((LoadResult.Resumed)resumed);

        Load(at).State.Should().Equal(state);
    }

    /// <summary>Half of the files get other states, as if their content had turned out the same, or leave by other ignore rules; the answer is the state with that.</summary>
    private StateDictionary Learn(ChangeLog log, Cursor at, StateDictionary state)
    {
        var learned = state.Keys.Where((_, i) => i % 2 == 0)
            .Index().ToDictionary(path => path.Item, path => path.Index == 0 && state.Count > 15 ? default(FileState?) : RandomState(), StringComparer.Ordinal);
        log.AppendRefreshed(at, learned).Should().BeOfType<LogWrite.Written>();

        foreach (var (path, refreshed) in learned)
        {
            if (refreshed is { } known)
                state[path] = known;
            else
                state.Remove(path);
        }

        return new StateDictionary(state);
    }

    private StateDictionary Tree()
    {
        var state = new StateDictionary();

        for (var i = 0; i < 20; i++)
            state[$"/p/{i % 3}/f{i}"] = RandomState();

        return state;
    }

    private NetChange[] Modified(StateDictionary state) =>
        [.. state.Keys.Where(_ => _random.Next(3) == 0).Select(path => new NetChange(path, state[path], RandomState()))];

    private FileState RandomState() => new(
        FileKind.File, 0x1A4, 1, (ulong)_random.NextInt64(), _random.NextInt64(1 << 20), _random.NextInt64(), _random.NextInt64(),
        (ulong)_random.NextInt64(1, long.MaxValue));

    private (LoadResult Result, StateDictionary State) Load(Cursor at)
    {
        var state = new StateDictionary();
        return (ChangeLog.Load(LogPath, Rules, at, state), state);
    }
}
