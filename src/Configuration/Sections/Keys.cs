namespace Supervisor.Configuration.Sections;

/// <summary>All keys by section. A reader can use no other, and a test compares the schema with this list.</summary>
internal static class Keys
{
    public static readonly string[] Root = ["$schema", "watcher", "orphanGrace", "reload", "env", "envFile", "groups", "services"];
    public static readonly string[] EnvFile = ["path", "required"];
    public static readonly string[] Watcher = ["backend", "limits", "backoff", "compare", "settle", "ignore", "gitignore"];
    public static readonly string[] WatcherLimits = ["memory", "cpu"];
    public static readonly string[] Backoff = ["initial", "max"];
    public static readonly string[] Watch = ["paths", "include", "ignore", "debounce", "onChange", "followLinks"];
    public static readonly string[] Build = ["command", "timeout"];
    public static readonly string[] Validate = ["command", "timeout", "atStart"];
    public static readonly string[] Ready = ["http", "status", "headers", "tcp", "log", "exec", "notify", "timeout", "interval", "successes", "delay"];
    public static readonly string[] Health =
        ["http", "status", "headers", "tcp", "exec", "notify", "interval", "timeout", "failures", "successes", "delay", "onFailure"];
    public static readonly string[] Restart = ["policy", "backoff", "crashLoop"];
    public static readonly string[] CrashLoop = ["failures", "within"];
    public static readonly string[] Stop = ["signal", "grace", "command"];
    public static readonly string[] Logs = ["rotateAt", "files"];
    public static readonly string[] Limits = ["memory", "cpu", "processes", "files"];

    public static readonly string[] Service =
    [
        "command", "cwd", "env", "envFile", "port", "onPortConflict", "watch", "build", "validate", "ready", "health", "restart", "stop", "limits", "logs",
        "kind", "dependsOn", "restartWith", "autostart", "stdin", "tty", "instances",
    ];
}
