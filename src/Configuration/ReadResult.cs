
namespace Supervisor.Configuration;

/// <summary>The result of reading a configuration file: either a complete specification or all mistakes.</summary>
public abstract record ReadResult
{
    private ReadResult()
    {
    }

    public sealed record Valid(TreeSpec Spec) : ReadResult;

    /// <param name="Mistakes">At least one; in the order of the file.</param>
    public sealed record Invalid(IReadOnlyList<Mistake> Mistakes) : ReadResult;
}
