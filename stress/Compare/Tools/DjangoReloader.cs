using Supervisor.Stress.Project;

namespace Supervisor.Stress.Compare.Tools;

/// <summary>Django's own reloader: manage.py runserver as its tutorial starts it, one for each service.</summary>
internal sealed class DjangoReloader : ITool
{
    public string Name => "Django's reloader";

    public string WatchingComponent => "the parent process of runserver, which starts the server again when its child has seen a change";

    public IReadOnlyList<string> Needs => ["django-admin"];

    public Task StartAsync(ToolSite site)
    {
        // It takes watchman by itself where that and pywatchman are installed.
        if (Programs.Find("watchman") is not null)
            PrivateWatchman.Prepare(site);
        foreach (var server in site.Servers)
            site.Begin(server.Service.Name, [.. server.Command.Where(word => word != "--noreload")], server.Folder);
        return Task.CompletedTask;
    }

    public async Task StopAsync(ToolSite site)
    {
        await site.InterruptAllAsync();
        if (PrivateWatchman.Server(site) is not null)
            await PrivateWatchman.StopAsync(site);
    }

    public int? FindWatcher(ToolSite site, ProjectService service) => site.Living(service.Name);

    public string? Remark(ToolSite site) =>
        site.Log(site.Servers[0].Service.Name).Contains("WatchmanReloader", StringComparison.Ordinal)
            ? "it chose its WatchmanReloader"
            : "it chose its StatReloader, which looks at every file once a second";
}
