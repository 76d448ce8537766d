using Supervisor.Stress.Project;

namespace Supervisor.Stress.Compare.Tools;

/// <summary>watchdog's watchmedo auto-restart for each service, kept alive by supervisord.</summary>
internal sealed class SupervisordWatchmedo : ITool
{
    private const string Debounce = "--debounce-interval";

    public string Name => "supervisord + watchmedo";

    public string WatchingComponent => "the watchmedo process of the service";

    public IReadOnlyList<string> Needs => ["supervisord", "supervisorctl", "watchmedo"];

    public async Task StartAsync(ToolSite site)
    {
        // Newer ones can wait for the end of a burst; those that cannot restart for every event of it, one after another.
        var canWait = (await site.RunAsync(["watchmedo", "auto-restart", "--help"])).Output.Contains(Debounce, StringComparison.Ordinal);
        var file = site.Write("supervisord.conf", Config(site, canWait ? $"{Debounce} 0.2" : ""));
        site.Begin("supervisord", ["supervisord", "-c", file], site.Folder);
        await ToolSite.SettleAsync(() => File.Exists(Path.Combine(site.Folder, "supervisord.sock")), TimeSpan.FromSeconds(10));
    }

    public async Task StopAsync(ToolSite site)
    {
        await site.RunAsync(["supervisorctl", "-c", Path.Combine(site.Folder, "supervisord.conf"), "shutdown"]);
        await ToolSite.SettleAsync(() => site.Living("supervisord") is null, TimeSpan.FromSeconds(20));
    }

    public int? FindWatcher(ToolSite site, ProjectService service) => site.Find("watchmedo", service.Folder);

    public string? Remark(ToolSite site) =>
        File.ReadAllText(Path.Combine(site.Folder, "supervisord.conf")).Contains(Debounce, StringComparison.Ordinal)
            ? null
            : $"this watchmedo has no {Debounce}: it restarts for each event of a burst";

    private static string Config(ToolSite site, string waiting) =>
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

        """ + string.Concat(site.Servers.Select(server => Program(server, site, waiting)));

    // stopasgroup and killasgroup: "useful with Flask in debug mode", whose reloader has a child of its own, as watchmedo has.
    // kill-after: its default is as long as supervisord waits for watchmedo itself (stopwaitsecs), which is then killed before its server is.
    private static string Program(ServerCommand server, ToolSite site, string waiting) =>
        $"""
        [program:{server.Service.Name}]
        command={Programs.Find("watchmedo")} auto-restart --directory '{server.Service.Folder}' --recursive
          --pattern '*{server.Service.Extension}'
          --ignore-patterns '{string.Join(';', Ignored.Folders.Select(folder => $"*/{folder}/*"))}' --ignore-directories
          --signal SIGTERM --kill-after 2 {waiting} -- {server.Line}
        directory={server.Folder}
        autorestart=true
        stopasgroup=true
        killasgroup=true
        redirect_stderr=true
        stdout_logfile={site.Folder}/{server.Service.Name}.log

        """;
}
