using System.Text.Json;

namespace Supervisor.Configuration;

/// <summary>Tells whether a running host serves what the configuration asks for now. Equal text for equal specs, in any process of any build.</summary>
public static class SpecHash
{
    // FNV-1a, 64 bits: nobody attacks it, and SHA-256 would load OpenSSL into the parent (4 MB).
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
