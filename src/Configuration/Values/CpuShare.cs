namespace Supervisor.Configuration.Values;

/// <summary>Processor time in per cent of one core: <c>50%</c> is half a core, <c>200%</c> two.</summary>
internal static class CpuShare
{
    private const int MaxCores = 1_024;

    /// <returns>A number of cores.</returns>
    public static Parsed<double> Parse(string text) =>
        Quantity.TrySplit(text, out var percent, out var unit) && unit == "%" && percent is >= 1 and <= MaxCores * 100
            ? Parsed.Ok((double)percent / 100)
            : Parsed.Wrong<double>("must be a share of one core between \"1%\" and \"102400%\", such as \"50%\" or \"200%\" (two cores)");
}
