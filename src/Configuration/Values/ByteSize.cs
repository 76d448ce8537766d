namespace Supervisor.Configuration.Values;

/// <summary>Sizes such as <c>128MB</c>. Units are powers of 1,024, as is usual for memory: MB and MiB are the same 1,048,576 bytes.</summary>
internal static class ByteSize
{
    private const long Max = 1L << 50;

    /// <summary>Of memory.</summary>
    public static Func<string, Parsed<long>> AtLeast(long least) => Between(least, $"must be at least {least >> 20}MB: with less, a process does not start");

    /// <summary>Of a file.</summary>
    public static Func<string, Parsed<long>> OfFileAtLeast(long least) => Between(least, $"must be at least {least >> 10}KB");

    private static Func<string, Parsed<long>> Between(long least, string mistake) => text =>
    {
        if (!Quantity.TrySplit(text, out var number, out var unit) || BytesIn(unit) is not { } bytes)
            return Parsed.Wrong<long>("must be a size such as \"128MB\" or \"1.5GB\" (1MB is 1,024 × 1,024 bytes)");

        if (number > Max / bytes)
            return Parsed.Wrong<long>("is more memory than a machine can have");

        return number * bytes >= least
            ? Parsed.Ok((long)(number * bytes))
            : Parsed.Wrong<long>(mistake);
    };

    private static decimal? BytesIn(string unit) => unit.ToUpperInvariant() switch
    {
        "B" => 1,
        "KB" or "KIB" => 1L << 10,
        "MB" or "MIB" => 1L << 20,
        "GB" or "GIB" => 1L << 30,
        "TB" or "TIB" => 1L << 40,
        _ => null,
    };
}
