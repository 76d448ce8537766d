using Supervisor.Stress.Project;
using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Compare.Tools;

/// <summary>This project's own tool, with the supervisor.json of the tree as it is.</summary>
internal sealed class OurSupervisor : ITool
{
    public string Name => "supervisor";

    public string WatchingComponent => "supervisor-watcher, the one process that watches for all services";

    public IReadOnlyList<string> Needs => [];

    public async Task StartAsync(ToolSandbox sandbox)
    {
        // Folders of its own, so that nothing of a user's is touched.
        sandbox["SUPERVISOR_RUNTIME_DIR"] = OnlyOwner(Path.Combine(sandbox.Folder, "run"));
        sandbox["XDG_STATE_HOME"] = OnlyOwner(Path.Combine(sandbox.Folder, "state"));
        await sandbox.RunAsync([Executables.Supervisor, "start", "-d"]);
    }

    public Task StopAsync(ToolSandbox sandbox) => sandbox.RunAsync([Executables.Supervisor, "stop"]);

    public int? FindWatcher(ToolSandbox sandbox, ProjectService service) => sandbox.Find("supervisor-watcher");

    public string? Remark(ToolSandbox sandbox) => File.ReadAllText(sandbox.Project.Config).Contains("\"validate\"", StringComparison.Ordinal)
        ? "it asks `manage.py check` about each change before it gives the old server up, which the others do not; that takes part of its latency"
        : null;

    private static string OnlyOwner(string folder) =>
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
}
