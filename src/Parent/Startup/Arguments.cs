namespace Supervisor.Parent.Startup;

/// <summary><c>--config ABSOLUTE_PATH [--owned] [--no-autostart]</c></summary>
/// <param name="Owned">A terminal owns the run: the tree stops when the owner's connection ends, or when no client claims the run in time.</param>
/// <param name="Autostart">false: no service starts until a command starts it.</param>
internal sealed record Arguments(string Config, bool Owned, bool Autostart)
{
    public const string Usage = "usage: supervisor-parent --config ABSOLUTE_PATH [--owned] [--no-autostart]";

    /// <summary>null: the arguments are wrong.</summary>
    public static Arguments? TryParse(string[] arguments) =>
        arguments is ["--config", var path, .. var options] && Path.IsPathFullyQualified(path) && options.All(option => option is "--owned" or "--no-autostart")
            ? new Arguments(path, options.Contains("--owned"), !options.Contains("--no-autostart"))
            : null;
}
