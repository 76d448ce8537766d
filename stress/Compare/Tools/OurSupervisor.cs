using Supervisor.Stress.Project;
using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Compare.Tools;

/// <summary>This project's supervisor, with the supervisor.json of the tree unchanged.</summary>
internal sealed class OurSupervisor : ITool
{
    public string Name => "supervisor";

    public string WatchingComponent => "supervisor-watcher, the one process that watches for all services";

    public IReadOnlyList<string> Needs => [];

    public async Task StartAsync(ToolSandbox sandbox)
    {
        // Its own folders, so that nothing of the user's is touched.
        sandbox["SUPERVISOR_RUNTIME_DIR"] = OnlyOwner(Path.Combine(sandbox.Folder, "run"));
        sandbox["XDG_STATE_HOME"] = OnlyOwner(Path.Combine(sandbox.Folder, "state"));
        await sandbox.RunAsync([Executables.Supervisor, "start", "-d"]);
    }

    public Task StopAsync(ToolSandbox sandbox) => sandbox.RunAsync([Executables.Supervisor, "stop"]);

    public int? FindWatcher(ToolSandbox sandbox, ProjectService service) => sandbox.Find("supervisor-watcher");

    public string? Remark(ToolSandbox sandbox) => File.ReadAllText(sandbox.Project.Config).Contains("\"validate\"", StringComparison.Ordinal)
        ? "it runs `manage.py check` for each change before it stops the old server, which the others do not; that is part of its latency"
        : null;

    private static string OnlyOwner(string folder) =>
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
}
