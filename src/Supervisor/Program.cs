using Supervisor.Cli;
using Supervisor.Host;
using Supervisor.Parent;
using Supervisor.Watcher;

namespace Supervisor;

/// <summary>One image with four roles. Its processes share the pages of its code and of the runtime's data; the name that it was started by chooses the role.</summary>
internal static class Program
{
    // The kernel keeps the name of the hard link (or of the copy) by which it was executed.
    private static Task<int> Main(string[] arguments) => Path.GetFileNameWithoutExtension(Environment.ProcessPath) switch
    {
        "supervisor-parent" => ParentProgram.RunAsync(arguments),
        "supervisor-host" => HostProgram.RunAsync(arguments),
        "supervisor-watcher" when OperatingSystem.IsLinux() => WatcherProgram.RunAsync(arguments),
        _ => CliProgram.RunAsync(arguments),
    };
}
