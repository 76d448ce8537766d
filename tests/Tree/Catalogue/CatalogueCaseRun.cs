using System.Text.Json;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree.Catalogue;

/// <summary>Runs one line of the catalogue against a real watcher and answers the requests of its script. Disposing leaves nothing.</summary>
internal sealed class CatalogueCaseRun : IAsyncDisposable
{
    /// <summary>Until then nothing is sent without a flush: the scheduler's splitting of a save does not matter.</summary>
    private static readonly TimeSpan LongSettle = TimeSpan.FromSeconds(100);

    private static readonly string[] Unprivileged = ["setpriv", "--inh-caps=-all", "--bounding-set=-dac_override,-dac_read_search"];

    private readonly CatalogueCase _line;
    private readonly WatchedFolder _folder;
    private readonly Func<WatcherSpec, WatcherSpec> _with;
    private TestParent? _parent;
    private WatcherProcess? _watcher;
    private volatile int _batchesHandled;

    /// <param name="with">Changes the watcher's settings after those of the line.</param>
    public CatalogueCaseRun(CatalogueCase line, Func<WatcherSpec, WatcherSpec>? with = null)
    {
        _line = line;
        _with = with ?? (settings => settings);
        _folder = WatchedFolder.Create(line.Title);
    }

    public TestParent Parent => _parent!;

    /// <summary>Returns when the script has ended; does not flush.</summary>
    public async Task RunAsync()
    {
        _folder.Write("f.py", "one\n");

        if (Is("clock"))
            await MakeClockAsync();

        await RunAsync(_line.Before, _ => throw new InvalidOperationException("No watcher is running yet: the column 'before' cannot send requests."));
        _parent = await TestParent.BeginAsync(_folder);
        await StartWatcherAsync();
        await Watcher.FlushAsync();
        Parent.Forget();
        await RunAsync(_line.Done, AnswerAsync);
    }

    public Task FlushAsync() => Watcher.FlushAsync();

    /// <summary>Returns once the reported content equals the disk, without a flush.</summary>
    public Task WaitForReportsAsync() => Parent.UntilAsync(() => EqualsTheDisk, "the reported content equals the disk");

    /// <summary>Checks that the reported names and batches are as expected, and that the reported content equals the disk.</summary>
    public void Check()
    {
        var names = Parent.Names.Select(name => Path.GetRelativePath(_folder.Root, name)).Distinct(StringComparer.Ordinal).ToList();
        names.Should().NotContain(name => _line.MustNotBeReported(name));
        Parent.Batches.Count.Should().BeInRange(_line.Expected.Least, _line.Expected.Most ?? int.MaxValue, "reported: {0}", string.Join(' ', names.Take(20)));

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

    /// <summary>The files that may be reported.</summary>
    private IEnumerable<KeyValuePair<string, string>> Relevant(IReadOnlyDictionary<string, string> files) =>
        files.Where(file => !_line.MustNotBeReported(Path.GetRelativePath(_folder.Root, file.Key)));

    private bool EqualsTheDisk => Relevant(Parent.Known).OrderBy(file => file.Key, StringComparer.Ordinal)
        .SequenceEqual(Relevant(DiskContent.Read(_folder.Root)).OrderBy(file => file.Key, StringComparer.Ordinal));

    private WatcherProcess Watcher => _watcher ?? throw new InvalidOperationException("No watcher is running: use revive.");

    private bool Is(string setting) => _line.Needs.Contains(setting, StringComparer.Ordinal);

    private async Task RunAsync(string script, Func<string, Task<string>> answer)
    {
        var environment = new Dictionary<string, string?>(_folder.Environment, StringComparer.Ordinal)
        {
            ["ROOT"] = _folder.Root, ["OUTSIDE"] = _folder.Outside, ["RUN"] = _folder.Runtime, ["CLOCK_SHIFT"] = ClockShift,
        };
        var result = await Script.RunAsync(script, _folder.Root, environment, answer);

        if (result.ExitCode != 0)
            throw new InvalidOperationException($"{script}: {result}\n{_folder.ReadLogs()}");
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
            "await" => Parent.ReportedAsync(argument == "." ? _folder.Root : _folder[argument]),
            "warned" => Parent.UntilAsync(
                () => Parent.Warnings.Any(said => said.Contains(argument, StringComparison.Ordinal)), $"warned of {argument}"),
            "die" => KillWatcherAsync(),
            "revive" => StartWatcherAsync(),
            "sent" => SentAsync(),
            "freeze" => AtOnce(Watcher.Freeze),
            "thaw" => AtOnce(Watcher.Thaw),
            "pause" => AtOnce(Parent.Pause),
            "go_on" => AtOnce(Parent.Resume),
            "lose" => AtOnce(() => SetOutcome(BatchOutcome.Lost)),
            "silence" => AtOnce(() => SetOutcome(BatchOutcome.AppliedWithoutAck)),
            _ => throw new InvalidOperationException($"Unknown word '{verb}'."),
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
        await Parent.UntilAsync(() => _batchesHandled > 0, "a batch was received");
        Parent.DecideOutcome = null;
    }

    private async Task KillWatcherAsync()
    {
        await Watcher.KillAsync();
        await Watcher.DisposeAsync();
        _watcher = null;
    }

    private async Task StartWatcherAsync()
    {
        if (_watcher is not null)
            throw new InvalidOperationException("A watcher is already running: use die.");

        _watcher = await WatcherProcess.StartAsync(_folder, Parent, With, Wrapper);
    }

    private string[] Wrapper =>
        Is("weak") ? Unprivileged
        : Is("cramped") ? SmallDisk
        : Is("clock") ? WithClock
        : Is("few-watches") ? WithLimit("max_inotify_watches", 40)
        : Is("no-instances") ? WithLimit("max_inotify_instances", 0)
        : [];

    private Task MakeClockAsync()
    {
        File.WriteAllBytes(ClockShift, BitConverter.GetBytes(0L));
        return _folder.RunAsync($"gcc -shared -fPIC -O1 -o '{_folder.Home}/clock.so' '{Path.Combine(CatalogueCase.Folder, "clock.c")}' -ldl");
    }

    private string ClockShift => Path.Combine(_folder.Home, "clock.shift");

    private string[] WithClock => ["env", $"CLOCK_SHIFT={ClockShift}", $"LD_PRELOAD={_folder.Home}/clock.so"];

    private string[] SmallDisk => ["unshare", "-m", "/bin/sh", "-c", $"mount -t tmpfs -o size=64k none '{_folder.Runtime}' && exec \"$@\"", "sh"];

    // The kernel counts these per user and user namespace: in its own namespace the watcher meets a real limit that affects no other process.
    private static string[] WithLimit(string what, int limit) =>
        ["unshare", "--user", "--map-root-user", "/bin/sh", "-c", $"echo {limit} >/proc/sys/user/{what} && exec \"$@\"", "sh"];

    private WatcherHello With(WatcherHello hello)
    {
        var settings = hello.Settings with
        {
            Settle = Is("adaptive") ? null : LongSettle, Compare = Is("metadata") ? CompareMode.Metadata : CompareMode.Content,
            Ignore = _line.Ignored, Gitignore = Is("gitignore"),
        };
        return hello with { Settings = _with(settings) };
    }
}
