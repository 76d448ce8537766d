namespace Supervisor.Cli.Rendering;

/// <summary>What a server printed before an end that nobody asked for, as lines under the sentence about that end. Pure.</summary>
internal static class EvidenceLines
{
    private const string Indent = "    ";

    public static IEnumerable<string> Output(ExitEvidence evidence) => evidence.Output.Select(line => $"{Indent}| {line}");

    /// <summary>The other facts, for example "changed 0.4s before: a.py".</summary>
    public static IEnumerable<string> Facts(ExitEvidence evidence, DateTimeOffset at)
    {
        if (evidence.ChangedAt is { } changed)
            yield return $"changed {Wording.Span(at - changed)} before: {Wording.Few(evidence.ChangedFiles)}";

        if (evidence.PeakMemoryBytes is { } peak)
            yield return $"peak memory {Wording.Size(peak)}";
    }

    /// <summary>Under the failure of a command.</summary>
    public static IEnumerable<string> UnderFailure(LedgerEntry entry) => entry.Evidence is not { } evidence
        ? []
        : [.. Output(evidence), .. Facts(evidence, entry.At).Select(fact => Indent + fact)];
}
