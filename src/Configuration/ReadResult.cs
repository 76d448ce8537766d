
namespace Supervisor.Configuration;

/// <summary>What came of reading a configuration file: either a whole specification or every mistake in it, never half of each.</summary>
public abstract record ReadResult
{
    private ReadResult()
    {
    }

    public sealed record Valid(TreeSpec Spec) : ReadResult;

    /// <param name="Mistakes">At least one; in the order of the file.</param>
    public sealed record Invalid(IReadOnlyList<Mistake> Mistakes) : ReadResult;
}
