using System.Text.Json;

namespace Supervisor.Configuration;

/// <summary>The hash that shows whether a running host has the current configuration. Equal specs give equal text, in any process of any build.</summary>
public static class SpecHash
{
    // FNV-1a, 64 bits: there is no attacker, and SHA-256 would load OpenSSL into the parent (4 MB).
    private const ulong OffsetBasis = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    public static string Of(ServiceSpec spec)
    {
        var hash = OffsetBasis;

        foreach (var octet in JsonSerializer.SerializeToUtf8Bytes(spec, ContractJson.Default.ServiceSpec))
            hash = unchecked((hash ^ octet) * Prime);

        return hash.ToString("x16");
    }
}
