
namespace Supervisor.Unit.Watcher.Model;

/// <summary>
/// Generates hostile histories from a seed: file operations on few names, so that they collide, mixed with every kind of fault. The same seed and length give
/// the same history.
/// </summary>
internal sealed class HistoryGenerator
{
    private const int Longest = 255;

    // Mostly these: among few names, work collides.
    private static readonly string[] Names = ["a", "b", "c.py", "d.py"];

    private static readonly string[] OddNames =
    [
        "-rf", "new\nline", "tab\tquote\"'", "\udcff\udcfe.py", "caf\u00e9", "cafe\u0301", new string('n', Longest), "x.pyc", "node_modules", "a b", "back\\slash",
        "*.py", "b~", ".hidden", "%41", "c.py.tmp.1", "tmpab12cd34", "\U0001F600.py",
    ];

    private static readonly string[] Targets = ["a", "b", "c.py", ".", "nowhere", "@outside/a", "@tree/b"];

    private static readonly (OperationKind Kind, int Weight)[] FileActs =
    [
        (OperationKind.Write, 24), (OperationKind.Append, 6), (OperationKind.Truncate, 3), (OperationKind.MapWrite, 3), (OperationKind.SaveAtomically, 8), (OperationKind.SaveWithBackup, 4), (OperationKind.SaveInPieces, 3),
        (OperationKind.Rename, 14), (OperationKind.Exchange, 5), (OperationKind.Delete, 8), (OperationKind.Recreate, 4), (OperationKind.MakeDirectory, 5), (OperationKind.MakeDeep, 8), (OperationKind.RemoveTree, 5),
        (OperationKind.RecreateTree, 5), (OperationKind.Symlink, 3), (OperationKind.SwapSymlink, 3), (OperationKind.Permit, 3), (OperationKind.SetTimes, 3), (OperationKind.MakePipe, 1), (OperationKind.HardLink, 3),
    ];

    private static readonly (OperationKind Kind, int Weight)[] LogFaults =
    [
        (OperationKind.TearLog, 10), (OperationKind.CutLog, 3), (OperationKind.FlipBit, 3), (OperationKind.DropLog, 1), (OperationKind.LeaveHalfSnapshot, 4), (OperationKind.BlockSnapshot, 2), (OperationKind.FillDisk, 2),
        (OperationKind.TakeCookieFolder, 2),
    ];

    private static readonly (WatcherCondition Condition, int Weight)[] Conditions =
    [
        (WatcherCondition.Ordinary, 80), (WatcherCondition.SmallBuffer, 6), (WatcherCondition.TinyBuffer, 3), (WatcherCondition.FewWatches, 6), (WatcherCondition.NoInotify, 2), (WatcherCondition.Degraded, 3),
    ];

    private readonly Random _random;
    private readonly List<Operation> _steps = [];
    private readonly (OperationKind Kind, int Weight)[] _fileActs;
    private readonly (OperationKind Kind, int Weight)[] _logFaults = LogFaults;
    private readonly bool _usesGitignore;
    private readonly int _checksIn;
    private int _number;

    private HistoryGenerator(int seed)
    {
        _random = new Random(seed);

        // After the first of them a flush has to read everything; most histories are to do without.
        _fileActs = [.. FileActs.Where(act => act.Kind != OperationKind.HardLink || seed % 5 == 0)];

        // A mount shows and hides files without new times: if the log is lost too, nothing reveals it. Only root can mount.
        if (seed % 10 == 3)
        {
            _fileActs = [.. _fileActs, (OperationKind.Mount, 2), (OperationKind.Unmount, 3)];
            _logFaults = [.. LogFaults.Where(fault => fault.Kind is OperationKind.TearLog or OperationKind.LeaveHalfSnapshot)];
        }

        _usesGitignore = seed % 10 == 7;

        if (_usesGitignore)
            _fileActs = [.. _fileActs, (OperationKind.EditIgnores, 5)];

        // Some are to come to rest often.
        _checksIn = _random.Next(5) == 0 ? 100 : 1000;
    }

    /// <param name="length">Steps at least, of which some two thirds are file work.</param>
    public static History Make(int seed, int length)
    {
        var maker = new HistoryGenerator(seed);
        var settings = maker.ChooseTerms();

        while (maker._steps.Count < length)
            maker.Go();

        return new History(settings, maker._steps);
    }

    private ModelSettings ChooseTerms()
    {
        var compare = _random.Next(3) == 0 ? CompareMode.Metadata : CompareMode.Content;
        TimeSpan? settle = _random.Next(5) switch { 0 => null, 1 => TimeSpan.FromMilliseconds(5), _ => TimeSpan.FromMilliseconds(1) };
        return new ModelSettings(compare, settle, HasSmallDisk: _random.Next(10) == 0, _usesGitignore);
    }

    private void Go()
    {
        if (_random.Next(_checksIn) < 10)
            Add(OperationKind.Check);

        switch (_random.Next(100))
        {
            case < 8: Add(OperationKind.Ping); break;
            case < 10: Add(OperationKind.AwaitBatch); break;
            case < 12: Add(OperationKind.Rest, number: _random.Next(1, 20)); break;
            case < 13: Crash(); break;
            case < 14: Add(OperationKind.BatchOutcome, number: (int)(_random.Next(3) == 0 ? BatchOutcome.Acknowledged : BatchOutcome.Late)); break;
            case < 15 when _random.Next(3) == 0: Add(OperationKind.Hold, number: _random.Next(2)); break;
            default: DoFileWork(); break;
        }
    }

    /// <summary>A watcher dies, at one of the steps of the protocol, and another one follows it.</summary>
    private void Crash()
    {
        // Half of them are followed by one that has watched beside them, at whatever stage of its first crawl.
        if (_random.Next(2) == 0)
        {
            Add(OperationKind.StandBy, number: (int)Choose(Conditions));
            WorkSome();
        }

        // What it sends from here on is lost, or applied without its knowledge, or everything as usual.
        Add(OperationKind.BatchOutcome, number: (int)(_random.Next(4) switch { 0 => BatchOutcome.Lost, 1 => BatchOutcome.Unacknowledged, 2 => BatchOutcome.Late, _ => BatchOutcome.Acknowledged }));
        WorkSome();

        if (_random.Next(2) == 0)
            Add(OperationKind.AwaitBatch);

        Add(_random.Next(3) == 0 ? OperationKind.Drain : OperationKind.Die);

        for (var faults = _random.Next(5); faults > 3; faults--)
            HarmLog();

        WorkSome();
        Add(OperationKind.Start, number: (int)Choose(Conditions));

        // Some die during their first crawl.
        for (var deaths = _random.Next(6); deaths > 4; deaths--)
        {
            if (_random.Next(2) == 0)
                Add(OperationKind.Rest, number: _random.Next(1, 10));

            Add(OperationKind.Die);
            DoFileWork();
            Add(OperationKind.Start, number: (int)Choose(Conditions));
        }
    }

    private void HarmLog()
    {
        var act = Choose(_logFaults);
        Add(act, number: _random.Next(1, 1000));

        // What stays in the way goes some time later.
        if (act is OperationKind.BlockSnapshot or OperationKind.FillDisk)
        {
            Add(OperationKind.Start);
            WorkSome();
            Add(act, number: 0);
        }
    }

    private void WorkSome()
    {
        for (var works = _random.Next(12); works > 0; works--)
        {
            DoFileWork();

            if (_random.Next(4) == 0)
                Add(OperationKind.Ping);
        }
    }

    private void DoFileWork()
    {
        var act = Choose(_fileActs);
        var (path, number) = (AnyPath(act), _number++);

        switch (act)
        {
            case OperationKind.Rename or OperationKind.Exchange or OperationKind.HardLink:
                Add(act, path, AnyPath(act), number);
                break;

            case OperationKind.MakeDeep or OperationKind.RecreateTree:
                Add(act, _random.Next(8) == 0 ? Deeper(path) : path, AnyName(), number);
                break;

            case OperationKind.Symlink or OperationKind.SwapSymlink:
                Add(act, path, Targets[_random.Next(Targets.Length)], number);
                break;

            case OperationKind.EditIgnores:
                Add(act, _random.Next(2) == 0 ? "tree" : "tree/" + AnyName(), number: _random.Next(4) == 0 ? -1 : number);
                break;

            case OperationKind.Permit:
                Add(act, path, number: _random.Next(3));
                break;

            default:
                Add(act, path, number: number);
                break;
        }
    }

    private string AnyPath(OperationKind act)
    {
        // The root itself comes and goes, now and then.
        if (act is OperationKind.Rename or OperationKind.RemoveTree or OperationKind.RecreateTree or OperationKind.MakeDirectory or OperationKind.MakeDeep && _random.Next(60) == 0)
            return "tree";

        var path = act is OperationKind.Rename or OperationKind.Exchange or OperationKind.HardLink or OperationKind.Write && _random.Next(6) == 0 ? "outside" : "tree";

        for (var depth = _random.Next(1, 4); depth > 0; depth--)
            path += "/" + AnyName();

        return path;
    }

    private string Deeper(string path)
    {
        for (var depth = _random.Next(3, 40); depth > 0; depth--)
            path += "/" + Names[_random.Next(Names.Length)];

        return path;
    }

    private string AnyName() => _random.Next(12) == 0 ? OddNames[_random.Next(OddNames.Length)] : Names[_random.Next(Names.Length)];

    private T Choose<T>((T Choice, int Weight)[] choices)
    {
        var at = _random.Next(choices.Sum(choice => choice.Weight));

        foreach (var (choice, weight) in choices)
        {
            if ((at -= weight) < 0)
                return choice;
        }

        throw new InvalidOperationException("Weights do not add up.");
    }

    private void Add(OperationKind act, string path = "", string other = "", int number = 0) => _steps.Add(new Operation(act, path, other, number));
}
