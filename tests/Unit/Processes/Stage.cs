using Supervisor.Processes;

namespace Supervisor.Unit.Processes;

/// <summary>Where one test plays with real processes: all of them are tagged, and at the end the stage proves that none is left.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private static int _last;

    private readonly List<ProcessScope> _scopes = [];

    public Stage()
    {
        TreeId = NewTreeId();
        Folder = Directory.CreateTempSubdirectory("supervisor-unit-").FullName;
    }

    public static TimeProvider Time => TimeProvider.System;

    public string TreeId { get; }

    public static string NewTreeId() => $"unit{Environment.ProcessId}x{Interlocked.Increment(ref _last)}";

    public string Tag => $"{TreeId}/web";

    public string Folder { get; }

    public ProcessLauncher Launcher { get; } = new(Time);

    public ProcessScope Scope(string rung)
    {
        var scope = KillLadder.Named(rung).CreateScope(TreeId, "web");
        _scopes.Add(scope);
        return scope;
    }

    public SpawnRequest Shell(string script) => Program("/bin/sh", "-c", script);

    public SpawnRequest Program(params string[] argv)
    {
        var environment = InheritedEnvironment.Read();
        environment["SUPERVISOR_TAG"] = Tag;
        return new SpawnRequest(argv, Folder, environment);
    }

    public Child Spawn(SpawnRequest request) => Launcher.Spawn(request);

    /// <summary>Starts it, and returns once it has written a line "ready".</summary>
    public async Task<Child> SpawnReadyAsync(SpawnRequest request)
    {
        var (read, write) = OwnPipe.Create(large: false);
        using var output = new StreamReader(new FileStream(read, FileAccess.Read));
        Child child;
        using (write)
            child = Spawn(request with { StandardOutput = write });

        while (await output.ReadLineAsync() is { } line)
        {
            if (line == "ready")
                return child;
        }

        throw new InvalidOperationException("The process ended without being ready.");
    }

    /// <summary>Runs it to its end; what it wrote to its standard output, and how it ended.</summary>
    public async Task<(string Output, ExitReason Exit)> RunAsync(SpawnRequest request)
    {
        var (read, write) = OwnPipe.Create(large: false);
        using var output = new StreamReader(new FileStream(read, FileAccess.Read));
        Child child;
        using (write)
            child = Spawn(request with { StandardOutput = write });

        var text = await output.ReadToEndAsync();
        return (text, await child.Exited);
    }

    public async ValueTask DisposeAsync()
    {
        // What was signalled a moment ago may take a moment to die; nothing of a test ends by itself within this time.
        await LeftBehind.ComesTrueAsync(() => LeftBehind.Tagged(Tag).Count == 0);
        var left = string.Join(", ", LeftBehind.Tagged(Tag).Select(ProcessStatistics.Describe));
        await KillLadder.OpenScope(KillLadder.Walk, path: null, leader: null, Tag).KillAsync(TimeSpan.FromSeconds(5), Time);
        foreach (var scope in _scopes)
            (await LeftBehind.ComesTrueAsync(scope.Remove)).Should().BeTrue("a scope whose processes are gone leaves no cgroup behind");
        Directory.Delete(Folder, recursive: true);
        Launcher.Dispose();

        left.Should().BeEmpty("a test ends with nothing of its own alive");
    }
}
