using Supervisor.Stress.Project;

namespace Supervisor.Stress.Compare.Tools;

/// <summary>nodemon, one for each service, each in its own terminal session.</summary>
internal sealed class Nodemon : ITool
{
    public string Name => "nodemon";

    public string WatchingComponent => "the nodemon process of the service";

    public IReadOnlyList<string> Needs => ["nodemon", "node"];

    public Task StartAsync(ToolSandbox sandbox)
    {
        foreach (var server in sandbox.Servers)
            sandbox.Begin(server.Service.Name, Command(server), server.Folder);
        return Task.CompletedTask;
    }

    public Task StopAsync(ToolSandbox sandbox) => sandbox.InterruptAllAsync();

    public int? FindWatcher(ToolSandbox sandbox, ProjectService service) => sandbox.FindAlive(service.Name);

    private static string[] Command(ServerCommand server) =>
    [
        "nodemon", "--no-stdin", "--no-update-notifier", "--verbose",
        "--watch", server.Service.Folder,
        "--ext", server.Service.Extension.TrimStart('.'),
        .. IgnoredFolders.Names.SelectMany(folder => new[] { "--ignore", $"**/{folder}/**" }),
        // Its default is SIGUSR2, made for node; the servers are Python.
        "--signal", "SIGTERM",
        // "Wait until a number of files have changed": without it the first file of a burst restarts the server in the middle of it.
        "--delay", "200ms",
        "--exec", server.Line,
    ];
}
