using Supervisor.Wire.Contracts;

namespace Supervisor.Unit.Watcher.Model;

/// <summary>
/// Makes hostile histories out of a seed: file work on few names, so that they collide, and in between everything that may strike. The same seed and length give
/// the same history.
/// </summary>
internal sealed class HistoryMaker
{
    private const int Longest = 255;

    // Mostly these: among few names, work collides.
    private static readonly string[] Names = ["a", "b", "c.py", "d.py"];

    private static readonly string[] OddNames =
    [
        "-rf", "new\nline", "tab\tquote\"'", "\udcff\udcfe.py", "caf\u00e9", "cafe\u0301", new string('n', Longest), "x.pyc", "node_modules", "a b", "back\\slash",
        "*.py", "b~", ".hidden", "%41",
    ];

    private static readonly string[] Targets = ["a", "b", "c.py", ".", "nowhere", "@outside/a", "@tree/b"];

    private static readonly (Act Act, int Weight)[] FileActs =
    [
        (Act.Write, 24), (Act.Append, 6), (Act.Truncate, 3), (Act.MapWrite, 3), (Act.SaveAtomically, 8), (Act.SaveWithBackup, 4), (Act.SaveInPieces, 3),
        (Act.Rename, 14), (Act.Exchange, 5), (Act.Delete, 8), (Act.Recreate, 4), (Act.MakeDirectory, 5), (Act.MakeDeep, 8), (Act.RemoveTree, 5),
        (Act.RecreateTree, 5), (Act.Symlink, 3), (Act.SwapSymlink, 3), (Act.Permit, 3), (Act.SetTimes, 3), (Act.MakePipe, 1), (Act.HardLink, 3),
    ];

    private static readonly (Act Act, int Weight)[] LogFaults =
    [
        (Act.TearLog, 10), (Act.CutLog, 3), (Act.FlipBit, 3), (Act.DropLog, 1), (Act.LeaveHalfSnapshot, 4), (Act.BlockSnapshot, 2), (Act.FillDisk, 2),
        (Act.TakeCookieFolder, 2),
    ];

    private static readonly (Condition Condition, int Weight)[] Conditions =
    [
        (Condition.Ordinary, 80), (Condition.SmallBuffer, 6), (Condition.TinyBuffer, 3), (Condition.FewWatches, 6), (Condition.NoInotify, 2), (Condition.Degraded, 3),
    ];

    private readonly Random _random;
    private readonly List<Operation> _steps = [];
    private readonly (Act Act, int Weight)[] _fileActs;
    private readonly (Act Act, int Weight)[] _logFaults = LogFaults;
    private readonly bool _heedsGit;
    private readonly int _checksIn;
    private int _number;

    private HistoryMaker(int seed)
    {
        _random = new Random(seed);

        // After the first of them a flush has to read everything; most histories are to do without.
        _fileActs = [.. FileActs.Where(act => act.Act != Act.HardLink || seed % 5 == 0)];

        // A mount shows and hides files as old as they are: if the log is lost meanwhile, nothing tells that. Only root mounts.
        if (seed % 10 == 3)
        {
            _fileActs = [.. _fileActs, (Act.Mount, 2), (Act.Unmount, 3)];
            _logFaults = [.. LogFaults.Where(fault => fault.Act is Act.TearLog or Act.LeaveHalfSnapshot)];
        }

        _heedsGit = seed % 10 == 7;

        if (_heedsGit)
            _fileActs = [.. _fileActs, (Act.EditIgnores, 5)];

        // Some are to come to rest often.
        _checksIn = _random.Next(5) == 0 ? 100 : 1000;
    }

    /// <param name="length">Steps at least, of which some two thirds are file work.</param>
    public static History Make(int seed, int length)
    {
        var maker = new HistoryMaker(seed);
        var terms = maker.ChooseTerms();

        while (maker._steps.Count < length)
            maker.Go();

        return new History(terms, maker._steps);
    }

    private Terms ChooseTerms()
    {
        var compare = _random.Next(3) == 0 ? CompareMode.Metadata : CompareMode.Content;
        TimeSpan? settle = _random.Next(5) switch { 0 => null, 1 => TimeSpan.FromMilliseconds(5), _ => TimeSpan.FromMilliseconds(1) };
        return new Terms(compare, settle, HasSmallDisk: _random.Next(10) == 0, _heedsGit);
    }

    private void Go()
    {
        if (_random.Next(_checksIn) < 10)
            Add(Act.Check);

        switch (_random.Next(100))
        {
            case < 8: Add(Act.Ping); break;
            case < 10: Add(Act.AwaitBatch); break;
            case < 12: Add(Act.Rest, number: _random.Next(1, 20)); break;
            case < 13: Crash(); break;
            case < 14: Add(Act.Fate, number: (int)(_random.Next(3) == 0 ? Fate.Acknowledged : Fate.Late)); break;
            case < 15 when _random.Next(3) == 0: Add(Act.Hold, number: _random.Next(2)); break;
            default: DoFileWork(); break;
        }
    }

    /// <summary>A watcher dies, at one of the steps of the protocol, and another one follows it.</summary>
    private void Crash()
    {
        // Half of them are followed by one that has watched beside them, at whatever stage of its first crawl.
        if (_random.Next(2) == 0)
        {
            Add(Act.StandBy, number: (int)Choose(Conditions));
            WorkSome();
        }

        // What it sends from here on is lost, or applied without its knowledge, or everything as usual.
        Add(Act.Fate, number: (int)(_random.Next(4) switch { 0 => Fate.Lost, 1 => Fate.Unacknowledged, 2 => Fate.Late, _ => Fate.Acknowledged }));
        WorkSome();

        if (_random.Next(2) == 0)
            Add(Act.AwaitBatch);

        Add(_random.Next(3) == 0 ? Act.Drain : Act.Die);

        for (var faults = _random.Next(5); faults > 3; faults--)
            HarmLog();

        WorkSome();
        Add(Act.Start, number: (int)Choose(Conditions));

        // Some die in the midst of their first crawl.
        for (var deaths = _random.Next(6); deaths > 4; deaths--)
        {
            if (_random.Next(2) == 0)
                Add(Act.Rest, number: _random.Next(1, 10));

            Add(Act.Die);
            DoFileWork();
            Add(Act.Start, number: (int)Choose(Conditions));
        }
    }

    private void HarmLog()
    {
        var act = Choose(_logFaults);
        Add(act, number: _random.Next(1, 1000));

        // What stays in the way goes some time later.
        if (act is Act.BlockSnapshot or Act.FillDisk)
        {
            Add(Act.Start);
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
                Add(Act.Ping);
        }
    }

    private void DoFileWork()
    {
        var act = Choose(_fileActs);
        var (path, number) = (AnyPath(act), _number++);

        switch (act)
        {
            case Act.Rename or Act.Exchange or Act.HardLink:
                Add(act, path, AnyPath(act), number);
                break;

            case Act.MakeDeep or Act.RecreateTree:
                Add(act, _random.Next(8) == 0 ? Deeper(path) : path, AnyName(), number);
                break;

            case Act.Symlink or Act.SwapSymlink:
                Add(act, path, Targets[_random.Next(Targets.Length)], number);
                break;

            case Act.EditIgnores:
                Add(act, _random.Next(2) == 0 ? "tree" : "tree/" + AnyName(), number: _random.Next(4) == 0 ? -1 : number);
                break;

            case Act.Permit:
                Add(act, path, number: _random.Next(3));
                break;

            default:
                Add(act, path, number: number);
                break;
        }
    }

    private string AnyPath(Act act)
    {
        // The root itself comes and goes, now and then.
        if (act is Act.Rename or Act.RemoveTree or Act.RecreateTree or Act.MakeDirectory or Act.MakeDeep && _random.Next(60) == 0)
            return "tree";

        var path = act is Act.Rename or Act.Exchange or Act.HardLink or Act.Write && _random.Next(6) == 0 ? "outside" : "tree";

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

    private void Add(Act act, string path = "", string other = "", int number = 0) => _steps.Add(new Operation(act, path, other, number));
}
