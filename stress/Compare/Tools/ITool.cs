using Supervisor.Stress.Project;

namespace Supervisor.Stress.Compare.Tools;

/// <summary>How a tool is started with its documented best settings and stopped as its user would, and which process watches.</summary>
internal interface ITool
{
    string Name { get; }

    /// <summary>Which of its processes is killed, as the report names it.</summary>
    string WatchingComponent { get; }

    /// <summary>Programs that it requires.</summary>
    IReadOnlyList<string> Needs { get; }

    /// <summary>Starts the tool with all services, as its user would. Need not wait until they are ready.</summary>
    Task StartAsync(ToolSandbox sandbox);

    /// <summary>Stops it as its user would; returns when the tool reports, or seems to report, that it is done.</summary>
    Task StopAsync(ToolSandbox sandbox);

    /// <summary>The pid of the process that watches for this service; null: there is none.</summary>
    int? FindWatcher(ToolSandbox sandbox, ProjectService service);

    /// <summary>What a reader must know about the run; null: nothing.</summary>
    string? Remark(ToolSandbox sandbox) => null;
}
