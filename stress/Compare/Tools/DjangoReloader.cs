using Supervisor.Stress.Project;

namespace Supervisor.Stress.Compare.Tools;

/// <summary>Django's own reloader: manage.py runserver as its tutorial starts it, one for each service.</summary>
internal sealed class DjangoReloader : ITool
{
    public string Name => "Django's reloader";

    public string WatchingComponent => "the parent process of runserver, which starts the server again when its child has seen a change";

    public IReadOnlyList<string> Needs => ["django-admin"];

    public Task StartAsync(ToolSandbox sandbox)
    {
        // It uses watchman by itself where watchman and pywatchman are installed.
        if (Programs.Find("watchman") is not null)
            PrivateWatchman.Prepare(sandbox);
        foreach (var server in sandbox.Servers)
            sandbox.Begin(server.Service.Name, [.. server.Command.Where(word => word != "--noreload")], server.Folder);
        return Task.CompletedTask;
    }

    public async Task StopAsync(ToolSandbox sandbox)
    {
        await sandbox.InterruptAllAsync();
        if (PrivateWatchman.Server(sandbox) is not null)
            await PrivateWatchman.StopAsync(sandbox);
    }

    public int? FindWatcher(ToolSandbox sandbox, ProjectService service) => sandbox.FindAlive(service.Name);

    public string? Remark(ToolSandbox sandbox) =>
        sandbox.Log(sandbox.Servers[0].Service.Name).Contains("WatchmanReloader", StringComparison.Ordinal)
            ? "it chose its WatchmanReloader"
            : "it chose its StatReloader, which polls every file once a second";
}
