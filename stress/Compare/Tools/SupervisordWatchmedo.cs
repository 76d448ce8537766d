using Supervisor.Stress.Project;

namespace Supervisor.Stress.Compare.Tools;

/// <summary>watchdog's watchmedo auto-restart for each service, kept alive by supervisord.</summary>
internal sealed class SupervisordWatchmedo : ITool
{
    private const string Debounce = "--debounce-interval";

    public string Name => "supervisord + watchmedo";

    public string WatchingComponent => "the watchmedo process of the service";

    public IReadOnlyList<string> Needs => ["supervisord", "supervisorctl", "watchmedo"];

    public async Task StartAsync(ToolSandbox sandbox)
    {
        // Newer versions can wait for the end of a burst; older ones restart for every event, one after another.
        var canWait = (await sandbox.RunAsync(["watchmedo", "auto-restart", "--help"])).Output.Contains(Debounce, StringComparison.Ordinal);
        var file = sandbox.Write("supervisord.conf", Config(sandbox, canWait ? $"{Debounce} 0.2" : ""));
        sandbox.Begin("supervisord", ["supervisord", "-c", file], sandbox.Folder);
        await ToolSandbox.WaitUntilAsync(() => File.Exists(Path.Combine(sandbox.Folder, "supervisord.sock")), TimeSpan.FromSeconds(10));
    }

    public async Task StopAsync(ToolSandbox sandbox)
    {
        await sandbox.RunAsync(["supervisorctl", "-c", Path.Combine(sandbox.Folder, "supervisord.conf"), "shutdown"]);
        await ToolSandbox.WaitUntilAsync(() => sandbox.FindAlive("supervisord") is null, TimeSpan.FromSeconds(20));
    }

    public int? FindWatcher(ToolSandbox sandbox, ProjectService service) => sandbox.Find("watchmedo", service.Folder);

    public string? Remark(ToolSandbox sandbox) =>
        File.ReadAllText(Path.Combine(sandbox.Folder, "supervisord.conf")).Contains(Debounce, StringComparison.Ordinal)
            ? null
            : $"this watchmedo has no {Debounce}: it restarts for each event of a burst";

    private static string Config(ToolSandbox sandbox, string waiting) =>
        $"""
        [supervisord]
        nodaemon=true
        logfile={sandbox.Folder}/supervisord-main.log
        pidfile={sandbox.Folder}/supervisord.pid
        childlogdir={sandbox.Folder}
        [unix_http_server]
        file={sandbox.Folder}/supervisord.sock
        [rpcinterface:supervisor]
        supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
        [supervisorctl]
        serverurl=unix://{sandbox.Folder}/supervisord.sock

        """ + string.Concat(sandbox.Servers.Select(server => Program(server, sandbox, waiting)));

    // stopasgroup and killasgroup: "useful with Flask in debug mode", whose reloader has its own child process, like watchmedo.
    // kill-after: its default is as long as supervisord waits for watchmedo itself (stopwaitsecs), which is then killed before its server is.
    private static string Program(ServerCommand server, ToolSandbox sandbox, string waiting) =>
        $"""
        [program:{server.Service.Name}]
        command={Programs.Find("watchmedo")} auto-restart --directory '{server.Service.Folder}' --recursive
          --pattern '*{server.Service.Extension}'
          --ignore-patterns '{string.Join(';', IgnoredFolders.Names.Select(folder => $"*/{folder}/*"))}' --ignore-directories
          --signal SIGTERM --kill-after 2 {waiting} -- {server.Line}
        directory={server.Folder}
        autorestart=true
        stopasgroup=true
        killasgroup=true
        redirect_stderr=true
        stdout_logfile={sandbox.Folder}/{server.Service.Name}.log

        """;
}
