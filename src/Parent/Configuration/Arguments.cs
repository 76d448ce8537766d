namespace Supervisor.Parent.Configuration;

/// <summary><c>--config ABSOLUTE_PATH [--owned]</c></summary>
internal sealed record Arguments(string Config, bool Owned)
{
    /// <summary>null: not understood.</summary>
    public static Arguments? TryParse(string[] arguments) => arguments switch
    {
        ["--config", var path] when Path.IsPathFullyQualified(path) => new Arguments(path, Owned: false),
        ["--config", var path, "--owned"] when Path.IsPathFullyQualified(path) => new Arguments(path, Owned: true),
        _ => null,
    };
}
