using Supervisor.Processes;

namespace Supervisor.Unit.Processes;

/// <summary>Runs real processes for one test. All of them are tagged, and disposal proves that none is left.</summary>
internal sealed class ProcessFixture : IAsyncDisposable
{
    private static int _last;

    private readonly List<ProcessScope> _scopes = [];

    public ProcessFixture()
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
        var scope = KillLadder.ForRung(rung).CreateScope(TreeId, "web");
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

    /// <summary>Starts it and returns once it has written a line "ready".</summary>
    public async Task<Child> SpawnReadyAsync(SpawnRequest request)
    {
        var (read, write) = AnonymousPipe.Create(large: false);
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

    /// <summary>Runs it to its end and returns its standard output and its exit.</summary>
    public async Task<(string Output, ExitReason Exit)> RunAsync(SpawnRequest request)
    {
        var (read, write) = AnonymousPipe.Create(large: false);
        using var output = new StreamReader(new FileStream(read, FileAccess.Read));
        Child child;
        using (write)
            child = Spawn(request with { StandardOutput = write });

        var text = await output.ReadToEndAsync();
        return (text, await child.Exited);
    }

    public async ValueTask DisposeAsync()
    {
        // A process may need a moment to die after a signal; no process of a test ends by itself within this time.
        await LeakCheck.EventuallyAsync(() => LeakCheck.Tagged(Tag).Count == 0);
        var left = string.Join(", ", LeakCheck.Tagged(Tag).Select(ProcessStatistics.Describe));
        await KillLadder.OpenScope(KillLadder.Walk, path: null, leader: null, Tag).KillAsync(TimeSpan.FromSeconds(5), Time);
        foreach (var scope in _scopes)
            (await LeakCheck.EventuallyAsync(scope.Remove)).Should().BeTrue("an empty scope can be removed");
        Directory.Delete(Folder, recursive: true);
        Launcher.Dispose();

        left.Should().BeEmpty("a test leaves no living process");
    }
}
