using System.Globalization;
using System.Text.Json;
using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Compare.Tools;

/// <summary>
/// A private watchman server for one tool. Clients find or start the server by running `watchman get-sockname`; a `watchman` script in front on PATH gives
/// them a socket and state in the tool's folder.
/// </summary>
internal static class PrivateWatchman
{
    public static void Prepare(ToolSandbox sandbox)
    {
        var files = Files(sandbox);
        Directory.CreateDirectory(files, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var script = sandbox.WriteScript(
            "bin/watchman",
            $"""
            #!/bin/sh
            exec '{Programs.Find("watchman")}' --sockname='{files}/sock' --statefile='{files}/state' \
                --logfile='{files}/log' --pidfile='{files}/pid' "$@"

            """);
        sandbox["PATH"] = $"{Path.GetDirectoryName(script)}:{Environment.GetEnvironmentVariable("PATH")}";

        // "Ignored directories are not watched at all": the documented way to keep a big folder out.
        File.WriteAllText(
            Path.Combine(sandbox.Project.Folder, ".watchmanconfig"), JsonSerializer.Serialize(new { ignore_dirs = IgnoredFolders.Names }));
    }

    /// <summary>The pid of the running server; it daemonises itself and writes its pid to a file. Null: there is none.</summary>
    public static int? Server(ToolSandbox sandbox)
    {
        var file = Path.Combine(Files(sandbox), "pid");
        var text = File.Exists(file) ? File.ReadAllText(file) : "";
        return int.TryParse(text, CultureInfo.InvariantCulture, out var pid) && TaggedProcesses.IsAlive(pid) ? pid : null;
    }

    /// <summary>A watchman server is meant to stay for all its user's tools, so the benchmark does not count it against the tool being stopped.</summary>
    public static Task StopAsync(ToolSandbox sandbox) =>
        sandbox.RunAsync([Path.Combine(sandbox.Folder, "bin", "watchman"), "--no-spawn", "shutdown-server"]);

    private static string Files(ToolSandbox sandbox) => Path.Combine(sandbox.Folder, "watchman");
}
