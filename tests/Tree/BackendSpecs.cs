using System.Diagnostics;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>The watcher executable where inotify does not work: polling with few descriptors, and kernels that accept watches and report nothing.</summary>
public sealed class BackendSpecs
{
    private const int Folders = 600;

    // From then on every watch is accepted but reports nothing: the system call does not reach the kernel.
    private static readonly string[] WithoutEvents =
        ["strace", "-D", "-f", "--seccomp-bpf", "-o", "/dev/null", "-e", "trace=inotify_add_watch", "-e", "inject=inotify_add_watch:retval=7"];

    [NeedsFact("/usr/bin/python3", "prlimit")]
    public async Task Polling_holds_no_descriptors_and_finds_every_change()
    {
        await using var folder = WatchedFolder.Create();

        for (var i = 0; i < Folders; i++)
            folder.Write($"{i}/f.py", "one");

        var parent = await TestParent.BeginAsync(folder);
        await using var watcher = await WatcherProcess.StartAsync(folder, parent, Polling, "prlimit", "--nofile=256:256");
        await watcher.FlushAsync();

        for (var i = 0; i < Folders; i += 7)
            folder.Write($"{i}/f.py", "two");

        folder.Write("new/deep/f.py", "two");
        await parent.ReportedAsync([.. Enumerable.Range(0, Folders).Where(i => i % 7 == 0).Select(i => folder[$"{i}/f.py"]), folder["new/deep/f.py"]]);
        await watcher.FlushAsync();

        parent.Known.Should().Equal(DiskContent.Read(folder.Root));
        OpenPaths(watcher.Pid).Should().NotContain(path => path.StartsWith(folder.Root, StringComparison.Ordinal));
        OpenPaths(watcher.Pid).Where(path => !path.EndsWith(".dll", StringComparison.Ordinal)).Should().HaveCountLessThan(
            100, "the runtime has its own assemblies open, the watcher no watched file");
        await parent.UntilAsync(() => parent.Beats.LastOrDefault()?.Backend == "poll", "its heartbeat says so");
    }

    [NeedsFact("/usr/bin/python3")]
    public async Task Polling_20_000_files_stays_within_its_share_of_a_core()
    {
        await using var folder = WatchedFolder.Create();

        for (var i = 0; i < 20_000; i++)
            folder.Write($"{i / 50}/{i}.py", "one");

        var parent = await TestParent.BeginAsync(folder);
        await using var watcher = await WatcherProcess.StartAsync(folder, parent, Polling);
        await watcher.FlushAsync();
        var (used, elapsed) = (ProcStat.TryRead(watcher.Pid)!.Cpu, Stopwatch.StartNew());

        // The hot folder is polled most often.
        for (var i = 0; i < 10; i++)
        {
            folder.Write("7/350.py", $"{i}");
            await parent.UntilAsync(() => parent.Known.GetValueOrDefault(folder["7/350.py"]) == $"{i}", "the change is found");
        }

        var share = (ProcStat.TryRead(watcher.Pid)!.Cpu - used) / elapsed.Elapsed;
        Console.WriteLine($"Polling 20,000 files: {share:P1} of a core, {elapsed.Elapsed.TotalMilliseconds / 10:0} ms from a save to the parent.");
        parent.Known.Should().Equal(DiskContent.Read(folder.Root));
    }

    [MountingFact("/usr/bin/python3", "strace")]
    public async Task A_file_system_without_events_is_detected_by_a_probe()
    {
        await using var folder = WatchedFolder.Create();
        await RunAsync(folder, "mount", "-t", "ramfs", "none", folder.Root);
        folder.Write("f.py", "one");
        var parent = await TestParent.BeginAsync(folder);

        try
        {
            await using var watcher = await WatcherProcess.StartAsync(folder, parent, with: null, WithoutEvents);
            await IsDetectedAsync(folder, parent, "probe file");
        }
        finally
        {
            await RunAsync(folder, "umount", folder.Root);
        }
    }

    [NeedsFact("/usr/bin/python3", "strace")]
    public Task A_file_system_that_stops_reporting_new_files_is_detected_by_the_audit() =>
        IsDetectedByTheAuditAsync(i => $"f{i}.py", "changes that the kernel did not report");

    [NeedsFact("/usr/bin/python3", "strace")]
    public Task A_file_system_that_stops_reporting_writes_is_detected_by_a_probe() => IsDetectedByTheAuditAsync(_ => "f.py", "probe file");

    private static async Task IsDetectedByTheAuditAsync(Func<int, string> name, string reason)
    {
        await using var folder = WatchedFolder.Create();
        folder.Write("f.py", "one");
        var parent = await TestParent.BeginAsync(folder);
        await using var watcher = await WatcherProcess.StartAsync(folder, parent, with: null, WithoutEvents);
        await parent.UntilAsync(() => parent.Beats.LastOrDefault()?.Phase == WatcherPhase.Watching, "it is watching");

        for (var i = 0; i < 3; i++)
        {
            folder.Write(name(i), $"found by the audit only, {i}");
            await parent.UntilAsync(() => parent.Known.GetValueOrDefault(folder[name(i)]) == $"found by the audit only, {i}", "the audit finds it");
        }

        await IsDetectedAsync(folder, parent, reason);
    }

    private static async Task IsDetectedAsync(WatchedFolder folder, TestParent parent, string reason)
    {
        await parent.UntilAsync(() => parent.Beats.LastOrDefault()?.Backend == "poll", "it is polled");
        parent.Beats.Last().Roots!.Single().Reason.Should().Contain(reason);
        await parent.UntilAsync(() => !parent.Warnings.IsEmpty, "it warns");
        parent.Warnings.Should().ContainSingle(warning => warning.Contains("does not report changes"));

        folder.Write("f.py", "seen again");
        folder.Write("new/f.py", "seen");
        await parent.ReportedAsync(folder["f.py"], folder["new/f.py"]);
    }

    private static async Task RunAsync(WatchedFolder folder, string program, params string[] arguments)
    {
        var result = await Command.RunAsync(program, arguments, folder.Home, folder.Environment, Wait.DefaultTimeout);
        result.ExitCode.Should().Be(0, "{0} {1}: {2}", program, string.Join(' ', arguments), result);
    }

    private static WatcherHello Polling(WatcherHello hello) => hello with { Settings = hello.Settings with { Backend = WatchBackend.Poll } };

    private static IReadOnlyList<string> OpenPaths(int pid) =>
        [.. Directory.GetFiles($"/proc/{pid}/fd").Select(link => new FileInfo(link).LinkTarget ?? "")];
}
