using Supervisor.Watcher.Coalescing;
using Supervisor.Watcher.Delivery;

namespace Supervisor.Unit.Watcher.Delivery;

public sealed class ChangeLogSpecs : IDisposable
{
    private const string Rules = "rules";
    private readonly string _folder = Directory.CreateTempSubdirectory("change-log-").FullName;
    private readonly Random _random = new(17);

    private string LogPath => Path.Combine(_folder, "watcher.snapshot");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_state_is_exactly_the_one_at_the_cursor_whichever_it_is()
    {
        var history = WriteHistory(batches: 12);

        foreach (var (cursor, state) in history)
        {
            var (result, loaded) = Load(cursor);

            result.Should().BeOfType<LoadResult.Resumed>().Which.At.Should().Be(cursor);
            loaded.Should().Equal(state);
        }
    }

    [Fact]
    public void A_cursor_that_the_log_does_not_hold_is_lost_track_not_a_guess()
    {
        WriteHistory(batches: 3);

        Reason(Load(new Cursor(1, 4)).Result).Should().Be(LostReason.CursorNotFound);
        Reason(Load(new Cursor(2, 3)).Result).Should().Be(LostReason.CursorNotFound, "the same number in another epoch is another batch");
    }

    [Fact]
    public void A_new_watcher_goes_on_where_the_parent_stands_and_forgets_the_batch_that_never_arrived()
    {
        var history = WriteHistory(batches: 5);
        var applied = new Cursor(1, 3);
        var (result, state) = Load(applied);

        using (var log = new ChangeLog(LogPath, Rules))
        {
            log.Resume((LoadResult.Resumed)result).Should().BeOfType<LogWrite.Written>();
            var changes = RandomChanges(state);
            state.Apply(changes);
            log.Append(applied.Next(epoch: 2), changes).Should().BeOfType<LogWrite.Written>();
        }

        Load(new Cursor(2, 4)).State.Should().Equal(state);
        Load(applied).State.Should().Equal(history[applied]);
        Reason(Load(new Cursor(1, 4)).Result).Should().Be(LostReason.CursorNotFound);
    }

    [Fact]
    public void A_watcher_that_is_still_dying_cannot_write_into_its_successors_log()
    {
        using var dying = new ChangeLog(LogPath, Rules);
        dying.Rewrite(new Cursor(1, 0), _ => { });
        var (result, _) = Load(new Cursor(1, 0));

        using var successor = new ChangeLog(LogPath, Rules);
        successor.Resume((LoadResult.Resumed)result);
        dying.Append(new Cursor(1, 1), []);

        Reason(Load(new Cursor(1, 1)).Result).Should().Be(LostReason.CursorNotFound);
    }

    [Fact]
    public void A_torn_tail_costs_only_the_batch_that_was_being_written()
    {
        var history = WriteHistory(batches: 6);
        var whole = File.ReadAllBytes(LogPath);
        var last = new Cursor(1, 6);

        for (var cut = 1; cut < 40; cut++)
        {
            File.WriteAllBytes(LogPath, whole[..^cut]);

            Reason(Load(last).Result).Should().Be(LostReason.CursorNotFound);
            Load(new Cursor(1, 5)).State.Should().Equal(history[new Cursor(1, 5)]);
        }
    }

    [Fact]
    public void No_flipped_bit_goes_unnoticed()
    {
        var history = WriteHistory(batches: 3);
        var last = new Cursor(1, 3);
        var whole = File.ReadAllBytes(LogPath);

        for (var i = 0; i < whole.Length; i++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[i] ^= (byte)(1 << _random.Next(8));
            File.WriteAllBytes(LogPath, damaged);

            Load(last).Result.Should().BeOfType<LoadResult.Lost>("byte {0} of {1} is damaged", i, whole.Length);
        }

        history.Should().NotBeEmpty();
    }

    [Fact]
    public void Every_way_of_being_unusable_has_its_reason()
    {
        var anywhere = new Cursor(1, 0);
        Reason(Load(anywhere).Result).Should().Be(LostReason.Missing);

        File.WriteAllText(LogPath, "something else");
        Reason(Load(anywhere).Result).Should().Be(LostReason.Corrupt);

        File.WriteAllBytes(LogPath, []);
        Reason(Load(anywhere).Result).Should().Be(LostReason.Corrupt);

        WriteHistory(batches: 1);
        Reason(ChangeLog.Load(LogPath, "other rules", anywhere, new StateDictionary())).Should().Be(LostReason.OtherRules);
        Reason(ChangeLog.Load(_folder, Rules, anywhere, new StateDictionary())).Should().Be(LostReason.Unreadable);

        var record = new RecordBuffer();
        new LogHeader(LogFormat.Version + 1, Rules, anywhere).Write(record);
        File.WriteAllBytes(LogPath, record.Framed(RecordKind.Header).ToArray());
        Reason(Load(anywhere).Result).Should().Be(LostReason.OtherVersion);
    }

    [Fact]
    public void A_full_disk_shuts_the_log_until_it_is_written_anew()
    {
        // The kernel's own full disk: it opens and seeks like a file, and refuses every byte.
        File.CreateSymbolicLink(LogPath + ".new", "/dev/full");
        using var log = new ChangeLog(LogPath, Rules);

        log.Rewrite(new Cursor(1, 0), _ => { }).Should().BeOfType<LogWrite.NotPersisted>().Which.Reason.Should().Contain(LogPath);
        log.Append(new Cursor(1, 1), []).Should().BeOfType<LogWrite.NotPersisted>("a log with a gap would resume in a wrong state");
        Reason(Load(new Cursor(1, 1)).Result).Should().Be(LostReason.Missing);

        log.Rewrite(new Cursor(1, 1), _ => { }).Should().BeOfType<LogWrite.Written>();
        log.Append(new Cursor(1, 2), []).Should().BeOfType<LogWrite.Written>();
        Load(new Cursor(1, 2)).Result.Should().BeOfType<LoadResult.Resumed>();
    }

    [Fact]
    public void Compacting_keeps_the_acknowledged_state_and_every_later_cursor()
    {
        var state = Tree(4_000);
        var history = new Dictionary<Cursor, StateDictionary>();
        using var log = new ChangeLog(LogPath, Rules);
        log.Rewrite(new Cursor(1, 0), state.WriteTo);

        for (var sequence = 1; sequence <= 120; sequence++)
        {
            var changes = RandomChanges(state, 400);
            state.Apply(changes);
            log.Append(new Cursor(1, sequence), changes).Should().BeOfType<LogWrite.Written>();
            history[new Cursor(1, sequence)] = new StateDictionary(state);
        }

        var before = new FileInfo(LogPath).Length;
        log.CompactIfWorthwhile(new Cursor(1, 117)).Should().BeOfType<LogWrite.Written>();

        new FileInfo(LogPath).Length.Should().BeLessThan(before / 2);
        Reason(Load(new Cursor(1, 116)).Result).Should().Be(LostReason.CursorNotFound);

        for (var sequence = 117; sequence <= 120; sequence++)
            Load(new Cursor(1, sequence)).State.Should().Equal(history[new Cursor(1, sequence)]);
    }

    [Fact]
    public void A_short_log_is_not_compacted()
    {
        using var log = new ChangeLog(LogPath, Rules);
        log.Rewrite(new Cursor(1, 0), _ => { });
        log.Append(new Cursor(1, 1), []);
        var before = new FileInfo(LogPath).Length;

        log.CompactIfWorthwhile(new Cursor(1, 1));

        new FileInfo(LogPath).Length.Should().Be(before);
    }

    [Fact]
    public void A_snapshot_that_could_not_be_finished_leaves_the_old_log_in_place()
    {
        var history = WriteHistory(batches: 2);
        using var log = new ChangeLog(LogPath, Rules);

        log.Rewrite(new Cursor(1, 9), _ => throw new IOException("No space left on device")).Should().BeOfType<LogWrite.NotPersisted>();

        Load(new Cursor(1, 2)).State.Should().Equal(history[new Cursor(1, 2)]);
        Directory.EnumerateFiles(_folder).Should().ContainSingle();
    }

    private Dictionary<Cursor, StateDictionary> WriteHistory(int batches)
    {
        var state = Tree(20);
        var history = new Dictionary<Cursor, StateDictionary> { [new Cursor(1, 0)] = new(state) };
        using var log = new ChangeLog(LogPath, Rules);
        log.Rewrite(new Cursor(1, 0), state.WriteTo).Should().BeOfType<LogWrite.Written>();

        for (var sequence = 1; sequence <= batches; sequence++)
        {
            var changes = RandomChanges(state);
            state.Apply(changes);
            log.Append(new Cursor(1, sequence), changes).Should().BeOfType<LogWrite.Written>();
            history[new Cursor(1, sequence)] = new StateDictionary(state);
        }

        return history;
    }

    private StateDictionary Tree(int files)
    {
        var state = new StateDictionary();

        for (var i = 0; i < files; i++)
            state[$"/p/é{i % 7}/\uDCFF{i % 3}/\U0001F600{i}"] = RandomState();

        return state;
    }

    private List<NetChange> RandomChanges(StateDictionary state, int count = 8)
    {
        var existing = state.Keys.Order(StringComparer.Ordinal).ToList();
        var paths = Enumerable.Range(0, count)
            .Select(i => existing.Count > 0 && i % 2 == 0 ? existing[_random.Next(existing.Count)] : $"/p/new{_random.Next(50)}/f{_random.Next(90)}")
            .ToHashSet(StringComparer.Ordinal);

        return [.. paths.Select(path => new NetChange(
            path, state.TryGetValue(path, out var before) ? before : null, state.ContainsKey(path) && _random.Next(2) == 0 ? null : RandomState()))];
    }

    private FileState RandomState() => new(
        (FileKind)_random.Next(1, 5), (ushort)_random.Next(0x1000), (ulong)_random.NextInt64(), (ulong)_random.NextInt64(), _random.NextInt64(1 << 20),
        _random.NextInt64() - (long.MaxValue / 2), _random.NextInt64(), _random.Next(2) == 0 ? 0UL : (ulong)_random.NextInt64(1, long.MaxValue), _random.Next(2) == 0);

    private (LoadResult Result, StateDictionary State) Load(Cursor at)
    {
        var state = new StateDictionary();
        return (ChangeLog.Load(LogPath, Rules, at, state), state);
    }

    private static LostReason Reason(LoadResult result) => result.Should().BeOfType<LoadResult.Lost>().Which.Reason;
}
