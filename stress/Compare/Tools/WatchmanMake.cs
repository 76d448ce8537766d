using Supervisor.Stress.Project;

namespace Supervisor.Stress.Compare.Tools;

/// <summary>
/// watchman-make, one for each service, with one watchman server. It runs a command when files change and does not keep servers running, so the adapter
/// includes the usual script that stops the old server and starts a new one.
/// </summary>
internal sealed class WatchmanMake : ITool
{
    public string Name => "watchman-make";

    public string WatchingComponent => "the watchman server, which watches for all services";

    public IReadOnlyList<string> Needs => ["watchman", "watchman-make"];

    public async Task StartAsync(ToolSandbox sandbox)
    {
        PrivateWatchman.Prepare(sandbox);
        foreach (var server in sandbox.Servers)
        {
            var name = server.Service.Name;
            var script = sandbox.WriteScript(name + "-restart.sh", Restart(server, Path.Combine(sandbox.Folder, name)));
            await sandbox.RunAsync([script, "start"]); // It runs nothing before the first change.
            sandbox.Begin(
                name,
                [
                    "watchman-make", "--root", server.Service.Folder,
                    "--pattern", "**/*" + server.Service.Extension, // 0.2 s of quiet before it runs is its default.
                    "--run", script + " start",
                ],
                server.Folder);
        }
    }

    public async Task StopAsync(ToolSandbox sandbox)
    {
        await sandbox.InterruptAllAsync();
        foreach (var server in sandbox.Servers)
            await sandbox.RunAsync([Path.Combine(sandbox.Folder, server.Service.Name + "-restart.sh"), "stop"]);
        await PrivateWatchman.StopAsync(sandbox);
    }

    public int? FindWatcher(ToolSandbox sandbox, ProjectService service) => PrivateWatchman.Server(sandbox);

    private static string Restart(ServerCommand server, string files) =>
        $"""
        #!/bin/sh
        old=$(cat '{files}.pid' 2>/dev/null) && kill "$old" 2>/dev/null
        # A zombie counts as gone: the init of some machines reaps it only after a second.
        while grep -qs '^State:.[^ZX]' "/proc/$old/status"; do sleep 0.02; done
        rm -f '{files}.pid'
        [ "$1" = start ] || exit 0
        cd '{server.Folder}'
        setsid {server.Line} >>'{files}-server.log' 2>&1 </dev/null &
        echo $! >'{files}.pid'

        """;
}
