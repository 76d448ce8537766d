
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
