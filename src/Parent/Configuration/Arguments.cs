namespace Supervisor.Parent.Configuration;

/// <summary><c>--config ABSOLUTE_PATH [--owned] [--no-autostart]</c></summary>
/// <param name="Owned">A terminal owns the run: nobody to own it soon, or its end, stops the tree.</param>
/// <param name="Autostart">false: nothing starts before it is asked for.</param>
internal sealed record Arguments(string Config, bool Owned, bool Autostart)
{
    public const string Usage = "usage: supervisor-parent --config ABSOLUTE_PATH [--owned] [--no-autostart]";

    /// <summary>null: not understood.</summary>
    public static Arguments? TryParse(string[] arguments) =>
        arguments is ["--config", var path, .. var options] && Path.IsPathFullyQualified(path) && options.All(option => option is "--owned" or "--no-autostart")
            ? new Arguments(path, options.Contains("--owned"), !options.Contains("--no-autostart"))
            : null;
}
