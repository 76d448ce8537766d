using System.Text.Json;

namespace Supervisor.Configuration;

/// <summary>
/// The hash that shows whether a running host has the current configuration. Equal specs give equal text, in any process of any build. What does not
/// concern a host that runs is left out: watch rules (they come with every change), dependencies and automatic starts (the parent's business).
/// </summary>
public static class SpecHash
{
    // FNV-1a, 64 bits: there is no attacker, and SHA-256 would load OpenSSL into the parent (4 MB).
    private const ulong OffsetBasis = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    private static readonly SortedDictionary<string, DependencyCondition> NoDependencies = [];

    /// <summary>Without what the env files say, too: the host reads them itself, at every start.</summary>
    public static string Of(ServiceSpec spec) => Of(JsonSerializer.SerializeToUtf8Bytes(
        WithoutFileContent(spec) with { Watch = null, DependsOn = NoDependencies, RestartWith = null, Autostart = true }, ContractJson.Default.ServiceSpec));

    internal static string Of(ReadOnlySpan<byte> text)
    {
        var hash = OffsetBasis;

        foreach (var octet in text)
            hash = unchecked((hash ^ octet) * Prime);

        return hash.ToString("x16");
    }

    private static ServiceSpec WithoutFileContent(ServiceSpec spec) => spec.EnvFiles is not { } files ? spec : spec with
    {
        Environment = spec.Environment
            .Where(variable => !files.Variables.Contains(variable.Key, StringComparer.Ordinal))
            .OrderBy(variable => variable.Key, StringComparer.Ordinal)
            .ToDictionary(StringComparer.Ordinal),
        EnvFiles = files with { Variables = [] },
    };
}
