using System.Globalization;
using System.Text.Json;
using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Compare.Tools;

/// <summary>
/// A watchman server of the tool's own. Clients find or start the server by running `watchman get-sockname`; a `watchman` in front on
/// PATH lets them do just that, with a socket and state in the tool's folder.
/// </summary>
internal static class PrivateWatchman
{
    public static void Prepare(ToolSite site)
    {
        var files = Files(site);
        Directory.CreateDirectory(files, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var script = site.WriteScript(
            "bin/watchman",
            $"""
            #!/bin/sh
            exec '{Programs.Find("watchman")}' --sockname='{files}/sock' --statefile='{files}/state' \
                --logfile='{files}/log' --pidfile='{files}/pid' "$@"

            """);
        site["PATH"] = $"{Path.GetDirectoryName(script)}:{Environment.GetEnvironmentVariable("PATH")}";

        // "Ignored directories are not watched at all": the documented way to keep a big folder out.
        File.WriteAllText(
            Path.Combine(site.Project.Folder, ".watchmanconfig"), JsonSerializer.Serialize(new { ignore_dirs = Ignored.Folders }));
    }

    /// <summary>The living server; it daemonises itself and writes its pid down. Null: there is none.</summary>
    public static int? Server(ToolSite site)
    {
        var file = Path.Combine(Files(site), "pid");
        var text = File.Exists(file) ? File.ReadAllText(file) : "";
        return int.TryParse(text, CultureInfo.InvariantCulture, out var pid) && LeftBehind.IsAlive(pid) ? pid : null;
    }

    /// <summary>It is made to stay for all its user's tools; that it would is not held against the one that is being stopped.</summary>
    public static Task StopAsync(ToolSite site) =>
        site.RunAsync([Path.Combine(site.Folder, "bin", "watchman"), "--no-spawn", "shutdown-server"]);

    private static string Files(ToolSite site) => Path.Combine(site.Folder, "watchman");
}
