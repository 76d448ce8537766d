using System.Globalization;
using System.Text;

namespace Supervisor.Client;

/// <summary>
/// A short hash of a long name: FNV-1a, the same in every process and version. Not safe against deliberate collisions, but the directories it names
/// belong to one user. (SHA would load OpenSSL into every process.)
/// </summary>
internal static class StableHash
{
    /// <summary>Hexadecimal digits.</summary>
    public const int Length = 12;

    private const ulong OffsetBasis = 14695981039346656037;
    private const ulong Prime = 1099511628211;
    private const int Bits = Length * 4;

    public static string Of(string text)
    {
        var hash = OffsetBasis;

        foreach (var value in Encoding.UTF8.GetBytes(text))
            hash = (hash ^ value) * Prime;

        // XOR-folded, as FNV's authors advise for other sizes.
        var folded = (hash >> Bits) ^ (hash & ((1UL << Bits) - 1));
        return folded.ToString("x12", CultureInfo.InvariantCulture);
    }
}
