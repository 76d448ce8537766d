using Supervisor.Stress.Project;

namespace Supervisor.Stress.Compare.Tools;

/// <summary>watchdog's watchmedo auto-restart for each service, kept alive by supervisord.</summary>
internal sealed class SupervisordWatchmedo : ITool
{
    public string Name => "supervisord + watchmedo";

    public string WatchingComponent => "the watchmedo process of the service";

    public IReadOnlyList<string> Needs => ["supervisord", "supervisorctl", "watchmedo"];

    public async Task StartAsync(ToolSite site)
    {
        var file = site.Write("supervisord.conf", Config(site));
        site.Begin("supervisord", ["supervisord", "-c", file], site.Folder);
        await ToolSite.SettleAsync(() => File.Exists(Path.Combine(site.Folder, "supervisord.sock")), TimeSpan.FromSeconds(10));
    }

    public async Task StopAsync(ToolSite site)
    {
        await site.RunAsync(["supervisorctl", "-c", Path.Combine(site.Folder, "supervisord.conf"), "shutdown"]);
        await ToolSite.SettleAsync(() => site.Living("supervisord") is null, TimeSpan.FromSeconds(20));
    }

    public int? FindWatcher(ToolSite site, ProjectService service) => site.Find("watchmedo", service.Folder);

    private static string Config(ToolSite site) =>
        $"""
        [supervisord]
        nodaemon=true
        logfile={site.Folder}/supervisord-main.log
        pidfile={site.Folder}/supervisord.pid
        childlogdir={site.Folder}
        [unix_http_server]
        file={site.Folder}/supervisord.sock
        [rpcinterface:supervisor]
        supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
        [supervisorctl]
        serverurl=unix://{site.Folder}/supervisord.sock

        """ + string.Concat(site.Servers.Select(server => Program(server, site)));

    // stopasgroup and killasgroup: "useful with Flask in debug mode", whose reloader has a child of its own, as watchmedo has.
    private static string Program(ServerCommand server, ToolSite site) =>
        $"""
        [program:{server.Service.Name}]
        command={Programs.Find("watchmedo")} auto-restart --directory '{server.Service.Folder}' --recursive
          --pattern '*{server.Service.Extension}'
          --ignore-patterns '{string.Join(';', Ignored.Folders.Select(folder => $"*/{folder}/*"))}' --ignore-directories
          --signal SIGTERM -- {server.Line}
        directory={server.Folder}
        autorestart=true
        stopasgroup=true
        killasgroup=true
        redirect_stderr=true
        stdout_logfile={site.Folder}/{server.Service.Name}.log

        """;
}
