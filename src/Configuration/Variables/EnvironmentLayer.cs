namespace Supervisor.Configuration.Variables;

/// <summary>Where a variable of a server's environment is set. Of two layers, the later one wins.</summary>
public enum VariableSource
{
    /// <summary>The environment in which the tree was started.</summary>
    Shell,

    /// <summary>The top-level <c>envFile</c>.</summary>
    GlobalEnvFile,

    /// <summary>The top-level <c>env</c>.</summary>
    GlobalEnv,

    /// <summary>The service's <c>envFile</c>.</summary>
    EnvFile,

    /// <summary>The service's <c>env</c>.</summary>
    Env,

    /// <summary>What supervisor itself sets, such as <c>PORT</c>.</summary>
    Supervisor,
}

/// <summary>The variables of one source.</summary>
/// <param name="File">Absolute path, for the sources that are files.</param>
public sealed record EnvironmentLayer(VariableSource Source, string? File, IReadOnlyDictionary<string, string> Variables)
{
    /// <summary>The file must be there, and is not.</summary>
    public bool IsLacking { get; init; }

    public bool IsFile => Source is VariableSource.GlobalEnvFile or VariableSource.EnvFile;
}
