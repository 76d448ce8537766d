using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Supervisor.Stress.Observing;
using Supervisor.Stress.Recording;
using Supervisor.Tree.Harness;

namespace Supervisor.Unit.Stress;

/// <summary>Plants a leftover of every kind; the scanner must find each.</summary>
public sealed class LeftoverScannerSpecs : IDisposable
{
    // Not this process: other specs start children.
    private const int Childless = int.MaxValue;

    private readonly string _root = Directory.CreateTempSubdirectory("left-behind-").FullName;
    private readonly string _tag = $"left-behind-{Guid.NewGuid():N}";
    private readonly InMemoryRecord _record = new();

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task An_orderly_stop_leaves_nothing()
    {
        Directory.CreateDirectory(Path.Combine(_root, "run", "an-empty-folder"));

        (await ScanAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_process_in_its_own_session_is_found()
    {
        var leaver = CliWrap.Cli.Wrap("sh").WithArguments(["-c", "setsid sleep 300 > /dev/null 2>&1 & exit 0"])
            .WithEnvironmentVariables(it => it.Set(TaggedProcesses.TagVariable, _tag));
        ForeignProgram.RunChecked(leaver, Wait.DefaultTimeout);

        // During its exec a process has no environment to identify it.
        await Wait.UntilAsync(() => TaggedProcesses.Find(_tag).Any(process => process.CommandLine == "sleep 300"), "the planted process sleeps");
        var found = await ScanAsync();
        foreach (var process in TaggedProcesses.Find(_tag))
            process.Kill();

        found.Should().ContainSingle().Which.Should().Match<LeftoverFound>(left => left.What == "process" && left.Detail.Contains("sleep 300"));
        await Wait.UntilAsync(() => TaggedProcesses.Find(_tag).Count == 0, "what was planted is gone");
    }

    [Fact]
    public async Task A_port_that_is_still_bound_is_found()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        (await ScanAsync(port)).Should().ContainSingle().Which.Should().Match<LeftoverFound>(left => left.What == "port" && left.Detail == $"{port}");
    }

    [Theory]
    [InlineData("run/0123456789ab/hosts/web.sock")]
    [InlineData("tmp/puppet-1.tmp")]
    public async Task A_file_is_found_in_the_runtime_folder_and_in_the_temporary_one(string file)
    {
        var path = Path.Combine(_root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, "left");

        (await ScanAsync()).Should().ContainSingle().Which.Should().Match<LeftoverFound>(left => left.What == "file" && left.Detail == path);
    }

    [Fact]
    public async Task A_socket_is_found_like_a_file()
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(_root, "run")).FullName, "control.sock");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));

        (await ScanAsync()).Should().ContainSingle().Which.Detail.Should().Be(path);
    }

    [Fact]
    public async Task A_debugger_socket_of_a_killed_runtime_is_ignored()
    {
        Directory.CreateDirectory(Path.Combine(_root, "tmp"));
        await File.WriteAllTextAsync(Path.Combine(_root, "tmp", "dotnet-diagnostic-17-4711-socket"), "");

        (await ScanAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_child_that_its_parent_never_reaps_is_found_while_the_parent_lives()
    {
        // The shell replaces itself with sleep, which does not reap the shell's child.
        using var parent = Process.Start("sh", ["-c", "sleep 0 & exec sleep 300"]);
        await Wait.UntilAsync(() => TaggedProcesses.ZombiesOf(parent.Id).Count > 0, "the child has ended");

        await Scanner().ScanBeforeStopAsync(Board(parent.Id));
        parent.Kill();
        await parent.WaitForExitAsync();

        _record.Events.Should().ContainSingle().Which.Should().Match<LeftoverFound>(left => left.What == "zombie");
    }

    private static StatusReport Board(int host) => new(
        new TreeStatus("supervisor.json", host, DateTimeOffset.UnixEpoch, "1", Revision: 1),
        new WatcherStatus(WatcherPhase.Backoff, Pid: null, 1, null, 0, Degraded: false, 1, 1, 0, null, null, null, LastExit: null, WatcherPressure.None, [], ResyncCounts.None, []),
        [
            new ServiceStatus(
                "web", ServicePhase.Ready, Stale: false, Pid: null, host, Generation: 1, 0, 0, null, null, [], null, null, LastExit: null, LastChange: null,
                Reason: null),
        ]);

    private LeftoverScanner Scanner(params int[] ports) => new(
        _record, new LeftoverScope(_tag, ports, Path.Combine(_root, "run"), "0123456789ab", Path.Combine(_root, "tmp"), Childless));

    private async Task<IReadOnlyList<LeftoverFound>> ScanAsync(params int[] ports)
    {
        await Scanner(ports).ScanAsync();
        return [.. _record.Events.OfType<LeftoverFound>()];
    }
}
