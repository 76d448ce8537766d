using Supervisor.Stress.Invariants;
using Supervisor.Stress.Recording;
using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Defects;

/// <summary>The result for one defect: whether the run violated the invariant that the defect breaks.</summary>
internal sealed record DefectResult(Defect Defect, bool IsFound, string Sentence);

/// <summary>
/// Checks that the harness can fail: builds each defect into a copy of the product; a normal run of that product must violate an invariant.
/// </summary>
internal static class DefectCheck
{
    private static readonly TimeSpan RunDeadline = TimeSpan.FromMinutes(10);

    public static async IAsyncEnumerable<DefectResult> RunAsync(IReadOnlyList<Defect> defects)
    {
        using var product = await PatchedProduct.CopyAsync();
        foreach (var defect in defects)
        {
            await product.BuildAsync(defect);
            yield return Evaluate(defect, await RunAsync(product));
            await product.RevertAsync(defect);
        }
    }

    /// <summary>Runs the harness in a separate process, as a user would, and returns the record.</summary>
    private static async Task<IReadOnlyList<RunEvent>> RunAsync(PatchedProduct product)
    {
        var report = Directory.CreateTempSubdirectory("sv-proof-").FullName;
        try
        {
            var result = await Command.RunAsync(
                Environment.ProcessPath!, ["--scenario", "proof", "--seed", "1", "--duration", "4m", "--speed", "8", "--report", report],
                Executables.Repository, new Dictionary<string, string?>(StringComparer.Ordinal) { ["SUPERVISOR_BIN"] = product.Executables }, RunDeadline);
            var record = Path.Combine(report, "record.jsonl");
            return File.Exists(record) ? [.. RecordFile.Read(record)] : throw new InvalidOperationException($"The run left no record: {result}");
        }
        finally
        {
            Directory.Delete(report, recursive: true);
        }
    }

    private static DefectResult Evaluate(Defect defect, IReadOnlyList<RunEvent> record)
    {
        var verdict = InvariantChecker.Check(record).Verdicts.Single(verdict => verdict.Name == defect.Breaks);
        return new DefectResult(defect, verdict.Violated > 0, $"{verdict.Name}: {verdict.Violated} of {verdict.Checks} checks violated; {verdict.Measured}");
    }
}
