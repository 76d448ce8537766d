using System.Text.Json;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree.Catalogue;

/// <summary>One line of the catalogue, played before a real watcher; answers what its script asks. Disposing leaves nothing.</summary>
internal sealed class CatalogueCaseRun : IAsyncDisposable
{
    /// <summary>So long nothing is told unless a flush asks: how a save is split by the scheduler then does not matter.</summary>
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(100);

    private static readonly string[] Weakened = ["setpriv", "--inh-caps=-all", "--bounding-set=-dac_override,-dac_read_search"];

    private readonly CatalogueCase _line;
    private readonly WatchedFolder _folder;
    private readonly Func<WatcherSpec, WatcherSpec> _with;
    private TestParent? _parent;
    private WatcherProcess? _watcher;
    private volatile int _batchesHandled;

    /// <param name="with">Changes the watcher's settings, after the line has.</param>
    public CatalogueCaseRun(CatalogueCase line, Func<WatcherSpec, WatcherSpec>? with = null)
    {
        _line = line;
        _with = with ?? (settings => settings);
        _folder = WatchedFolder.Create(line.Title);
    }

    public TestParent Parent => _parent!;

    /// <summary>Returns when the script has ended; nothing is flushed after it.</summary>
    public async Task RunAsync()
    {
        _folder.Write("f.py", "one\n");

        if (Is("clock"))
            await MakeClockAsync();

        await RunAsync(_line.Before, _ => throw new InvalidOperationException("Nobody watches yet: the column 'before' can ask for nothing."));
        _parent = await TestParent.BeginAsync(_folder);
        await ReviveAsync();
        await Watcher.FlushAsync();
        Parent.Forget();
        await RunAsync(_line.Done, AnswerAsync);
    }

    public Task FlushAsync() => Watcher.FlushAsync();

    /// <summary>Returns once whoever heard of the changes knows the disk; nobody asks for them.</summary>
    public Task HearAsync() => Parent.UntilAsync(() => KnowsTheDisk, "whoever hears of the changes knows the disk");

    /// <summary>What was told is what had to be, and whoever heard it knows the disk.</summary>
    public void Check()
    {
        var names = Parent.Names.Select(name => Path.GetRelativePath(_folder.Root, name)).Distinct(StringComparer.Ordinal).ToList();
        names.Should().NotContain(name => _line.IsNeverTold(name));
        Parent.Batches.Count.Should().BeInRange(_line.Expected.Least, _line.Expected.Most ?? int.MaxValue, "told: {0}", string.Join(' ', names.Take(20)));

        if (_line.Expected.Names is { } expected)
            names.Should().BeEquivalentTo(expected);

        if (_line.Expected.Count is { } count)
            Parent.Batches.Sum(batch => batch.Services.Sum(service => service.Files.Count + service.More)).Should().Be(count);

        if (_line.Expected.Everything)
            Parent.Batches.SelectMany(batch => batch.Services).Should().Contain(service => service.LostTrack);

        Relevant(Parent.Known).Should().BeEquivalentTo(Relevant(DiskContent.Read(_folder.Root)));
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_watcher is not null)
                await _watcher.DisposeAsync();
        }
        finally
        {
            await _folder.DisposeAsync();
        }
    }

    /// <summary>What of the disk concerns anybody.</summary>
    private IEnumerable<KeyValuePair<string, string>> Relevant(IReadOnlyDictionary<string, string> files) =>
        files.Where(file => !_line.IsNeverTold(Path.GetRelativePath(_folder.Root, file.Key)));

    private bool KnowsTheDisk => Relevant(Parent.Known).OrderBy(file => file.Key, StringComparer.Ordinal)
        .SequenceEqual(Relevant(DiskContent.Read(_folder.Root)).OrderBy(file => file.Key, StringComparer.Ordinal));

    private WatcherProcess Watcher => _watcher ?? throw new InvalidOperationException("No watcher lives: revive.");

    private bool Is(string setting) => _line.Needs.Contains(setting, StringComparer.Ordinal);

    private async Task RunAsync(string script, Func<string, Task<string>> answer)
    {
        var environment = new Dictionary<string, string?>(_folder.Environment, StringComparer.Ordinal)
        {
            ["ROOT"] = _folder.Root, ["OUTSIDE"] = _folder.Outside, ["RUN"] = _folder.Runtime, ["CLOCK_SHIFT"] = ClockShift,
        };
        var result = await Script.RunAsync(script, _folder.Root, environment, answer);

        if (result.ExitCode != 0)
            throw new InvalidOperationException($"{script}: {result}\n{_folder.Said()}");
    }

    private async Task<string> AnswerAsync(string asked)
    {
        var (verb, argument) = asked.Split(' ', 2) is [var first, var rest] ? (first, rest) : (asked, "");

        return verb switch
        {
            "pid" => $"{Watcher.Pid}",
            "told" => Parent.Names.Contains(_folder[argument], StringComparer.Ordinal) ? "yes" : "no",
            "heartbeat" => await HeartbeatAsync(),
            _ => await ActAsync(verb, argument),
        };
    }

    private async Task<string> ActAsync(string verb, string argument)
    {
        await (verb switch
        {
            "flush" => Watcher.FlushAsync(),
            "forget" => ForgetAsync(),
            "await" => Parent.ToldAsync(argument == "." ? _folder.Root : _folder[argument]),
            "warned" => Parent.UntilAsync(
                () => Parent.Warnings.Any(said => said.Contains(argument, StringComparison.Ordinal)), $"warned of {argument}"),
            "die" => DieAsync(),
            "revive" => ReviveAsync(),
            "sent" => SentAsync(),
            "freeze" => AtOnce(Watcher.Freeze),
            "thaw" => AtOnce(Watcher.Thaw),
            "pause" => AtOnce(Parent.Pause),
            "go_on" => AtOnce(Parent.GoOn),
            "lose" => AtOnce(() => SetOutcome(BatchOutcome.Lost)),
            "silence" => AtOnce(() => SetOutcome(BatchOutcome.AppliedWithoutAck)),
            _ => throw new InvalidOperationException($"Nobody knows the word '{verb}'."),
        });

        return "ok";
    }

    private static Task AtOnce(Action act)
    {
        act();
        return Task.CompletedTask;
    }

    private async Task ForgetAsync()
    {
        await Watcher.FlushAsync();
        Parent.Forget();
    }

    private async Task<string> HeartbeatAsync()
    {
        var before = Parent.Beats.Count;
        await Parent.UntilAsync(() => Parent.Beats.Count > before, "a heartbeat");
        return JsonSerializer.Serialize(Parent.Beats.Last(), ContractJson.Default.Heartbeat);
    }

    private void SetOutcome(BatchOutcome outcome)
    {
        _batchesHandled = 0;
        Parent.DecideOutcome = _ =>
        {
            _batchesHandled++;
            return outcome;
        };
    }

    private async Task SentAsync()
    {
        await Parent.UntilAsync(() => _batchesHandled > 0, "a batch is under way");
        Parent.DecideOutcome = null;
    }

    private async Task DieAsync()
    {
        await Watcher.KillAsync();
        await Watcher.DisposeAsync();
        _watcher = null;
    }

    private async Task ReviveAsync()
    {
        if (_watcher is not null)
            throw new InvalidOperationException("One watcher lives already: die.");

        _watcher = await WatcherProcess.StartAsync(_folder, Parent, With, Wrapped);
    }

    private string[] Wrapped =>
        Is("weak") ? Weakened
        : Is("cramped") ? Cramped
        : Is("clock") ? Clocked
        : Is("few-watches") ? Limited("max_inotify_watches", 40)
        : Is("no-instances") ? Limited("max_inotify_instances", 0)
        : [];

    private Task MakeClockAsync()
    {
        File.WriteAllBytes(ClockShift, BitConverter.GetBytes(0L));
        return _folder.RunAsync($"gcc -shared -fPIC -O1 -o '{_folder.Home}/clock.so' '{Path.Combine(CatalogueCase.Folder, "clock.c")}' -ldl");
    }

    private string ClockShift => Path.Combine(_folder.Home, "clock.shift");

    private string[] Clocked => ["env", $"CLOCK_SHIFT={ClockShift}", $"LD_PRELOAD={_folder.Home}/clock.so"];

    private string[] Cramped => ["unshare", "-m", "/bin/sh", "-c", $"mount -t tmpfs -o size=64k none '{_folder.Runtime}' && exec \"$@\"", "sh"];

    // The kernel counts them by user and by user namespace: in one of its own the watcher meets the true limit, and nobody else does.
    private static string[] Limited(string what, int limit) =>
        ["unshare", "--user", "--map-root-user", "/bin/sh", "-c", $"echo {limit} >/proc/sys/user/{what} && exec \"$@\"", "sh"];

    private WatcherHello With(WatcherHello hello)
    {
        var settings = hello.Settings with
        {
            Settle = Is("adaptive") ? null : Patient, Compare = Is("metadata") ? CompareMode.Metadata : CompareMode.Content,
            Ignore = _line.Ignored, Gitignore = Is("gitignore"),
        };
        return hello with { Settings = _with(settings) };
    }
}
