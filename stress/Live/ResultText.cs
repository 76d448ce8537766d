using Supervisor.Stress.Invariants;

namespace Supervisor.Stress.Live;

/// <summary>The result as plain text: verdict, each invariant, and the paths of report and record.</summary>
internal static class ResultText
{
    private const int ViolationsShown = 5;

    public static void Write(TextWriter output, RunResult result)
    {
        output.WriteLine();
        output.WriteLine(result.Verdict.Sentence);
        WriteDetails(output, result);
    }

    public static void WriteDetails(TextWriter output, RunResult result)
    {
        foreach (var verdict in result.Verdict.Verdicts)
            Write(output, verdict);

        output.WriteLine();
        Write(output, "report", result.Report);
        Write(output, "record", result.Record);
        Write(output, "replay", result.Replay);
    }

    private static void Write(TextWriter output, InvariantVerdict verdict)
    {
        output.WriteLine($"  {Mark(verdict)}  {verdict.Name}: {Count(verdict)}; {verdict.Measured}");
        foreach (var violation in verdict.Violations.Take(ViolationsShown))
            output.WriteLine($"            {DisplayFormat.Clock(violation.At)} {violation.What}");
    }

    private static void Write(TextWriter output, string what, string? where)
    {
        if (where is not null)
            output.WriteLine($"{what}: {where}");
    }

    private static string Mark(InvariantVerdict verdict) => verdict switch
    {
        { Violated: > 0 } => "VIOLATED",
        { Checks: 0, NotApplicable: not null } => "no cause",
        { Checks: 0 } => "UNPROVEN",
        _ => "held    ",
    };

    private static string Count(InvariantVerdict verdict) => verdict switch
    {
        { Violated: > 0 } => $"{DisplayFormat.Count(verdict.Violated)} of {DisplayFormat.Count(verdict.Checks, "check", "checks")} failed",
        { Checks: 0, NotApplicable: { } why } => why,
        _ => DisplayFormat.Count(verdict.Checks, "check", "checks"),
    };
}
