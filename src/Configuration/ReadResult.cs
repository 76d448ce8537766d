using Supervisor.Configuration.Variables;

namespace Supervisor.Configuration;

/// <summary>The result of reading a configuration file: either a complete specification or all mistakes.</summary>
public abstract record ReadResult
{
    private ReadResult()
    {
    }

    /// <summary>One line for each mistake; empty: the file is valid.</summary>
    public IReadOnlyList<string> MistakeLines => this is Invalid invalid ? [.. invalid.Mistakes.Select(mistake => mistake.ToString())] : [];

    public sealed record Valid(TreeSpec Spec) : ReadResult;

    /// <param name="Mistakes">At least one; in the order of the file.</param>
    public sealed record Invalid(IReadOnlyList<Mistake> Mistakes) : ReadResult;
}

/// <summary>The result of reading one service: its specification, or its mistakes.</summary>
public abstract record ServiceReadResult
{
    private ServiceReadResult()
    {
    }

    /// <param name="Layers">Of its environment, lowest first.</param>
    public sealed record Valid(ServiceSpec Spec, IReadOnlyList<EnvironmentLayer> Layers) : ServiceReadResult;

    public sealed record Invalid(IReadOnlyList<Mistake> Mistakes) : ServiceReadResult;
}
