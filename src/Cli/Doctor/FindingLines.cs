using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Doctor;

/// <summary>The report as text: one line for each finding; below what is to be done, why and how.</summary>
internal static class FindingLines
{
    private const string Indent = "    ";

    public static IEnumerable<string> Of(DoctorReport report, Palette palette)
    {
        foreach (var line in report.Cleaned is { } cleaned ? Of(cleaned, palette) : [])
            yield return line;

        foreach (var finding in report.Findings)
        {
            yield return finding.Severity switch
            {
                Severity.Ok => palette.Good("✓ ") + $"{finding.Check}: {finding.Found}",
                Severity.Advice => palette.Warning($"! {finding.Check}: {finding.Found}"),
                _ => palette.Bad($"✗ {finding.Check}: {finding.Found}"),
            };

            foreach (var process in finding.Processes ?? [])
                yield return Indent + DeadRun.Shown(process);
            if (finding.Why is { } why)
                yield return Indent + why;
            if (finding.Mend is { } mend)
                yield return Indent + "→ " + mend;
        }

        if (report.Config is null)
            yield return "no supervisor.json here or in a folder above: only the machine was checked.";

        var wrong = report.Findings.Count(finding => finding.Severity == Severity.Mend);
        yield return wrong switch
        {
            0 => palette.Good("Nothing must be mended."),
            1 => palette.Bad("1 finding must be mended."),
            _ => palette.Bad($"{wrong} findings must be mended."),
        };
    }

    private static IEnumerable<string> Of(Cleaned cleaned, Palette palette)
    {
        if (cleaned is { Processes: [], Folders: [], Failures: [] })
            yield return "There was nothing to clean.";

        foreach (var process in cleaned.Processes)
            yield return $"ended {DeadRun.Shown(process)}";
        foreach (var folder in cleaned.Folders)
            yield return $"removed {folder}";
        foreach (var failure in cleaned.Failures)
            yield return palette.Bad(failure);
    }
}
