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

    public static string Of(ServiceSpec spec) => Of(JsonSerializer.SerializeToUtf8Bytes(
        spec with { Watch = null, DependsOn = NoDependencies, Autostart = true }, ContractJson.Default.ServiceSpec));

    internal static string Of(ReadOnlySpan<byte> text)
    {
        var hash = OffsetBasis;

        foreach (var octet in text)
            hash = unchecked((hash ^ octet) * Prime);

        return hash.ToString("x16");
    }
}
