using System.Text.Json;
using Supervisor.Stress.Project;

namespace Supervisor.Stress.Compare.Tools;

/// <summary>pm2 --watch: one daemon for all services, configured by an ecosystem file, with its own home folder.</summary>
internal sealed class Pm2Watch : ITool
{
    public string Name => "pm2 --watch";

    public string WatchingComponent => "the pm2 daemon, which watches and keeps all services";

    public IReadOnlyList<string> Needs => ["pm2", "node"];

    public async Task StartAsync(ToolSandbox sandbox)
    {
        sandbox["PM2_HOME"] = Path.Combine(sandbox.Folder, "pm2");
        sandbox["PM2_DISABLE_VERSION_CHECK"] = "true";
        var file = sandbox.Write("ecosystem.json", JsonSerializer.Serialize(new { apps = sandbox.Servers.Select(server => App(server, sandbox)) }));
        await sandbox.RunAsync(["pm2", "start", file]);
    }

    public Task StopAsync(ToolSandbox sandbox) => sandbox.RunAsync(["pm2", "kill"]);

    public int? FindWatcher(ToolSandbox sandbox, ProjectService service) => sandbox.Find("God Daemon");

    private static object App(ServerCommand server, ToolSandbox sandbox) => new
    {
        name = server.Service.Name,
        script = server.Command[0],
        args = server.Command.Skip(1),
        interpreter = "none", // The script is a program, not a module of node.
        cwd = server.Folder,
        out_file = Path.Combine(sandbox.Folder, server.Service.Name + ".log"),
        error_file = Path.Combine(sandbox.Folder, server.Service.Name + ".log"),
        // Folders, as in its documentation; given a pattern, its daemon grew to 2 GB and did not respond for half a minute.
        watch = new[] { server.Service.Folder },
        // Only sources: else it restarts for every file.
        ignore_watch = IgnoredFolders.Names.Select(folder => $"**/{folder}/**").Append($"**/*.!({server.Service.Extension.TrimStart('.')})"),
        // The documentation's own example. It ignores what changes while it restarts: without the delay, all but the first file of a burst.
        watch_delay = 1000,
        autorestart = true,
    };
}
