using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Supervisor.Processes;

/// <summary>Names and numbers of signals (Linux, x64 and arm64).</summary>
public static class Signals
{
    public const int Hangup = 1;
    public const int Interrupt = 2;
    public const int Abort = 6;
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    // CHLD, CONT, STOP, TSTP, TTIN, TTOU, URG, WINCH: ignored, or stop and continue a process.
    private static readonly int[] Harmless = [17, Continue, Stop, 20, 21, 22, 23, 28];

    private static readonly string[] Names =
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM",
        "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>Parses <c>TERM</c>, <c>SIGTERM</c> or <c>15</c>; ignores case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out int signal)
    {
        signal = 0;
        if (string.IsNullOrWhiteSpace(text))
            return false;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out signal))
            return signal is > 0 and <= 64;

        var name = text.StartsWith("SIG", StringComparison.OrdinalIgnoreCase) ? text[3..] : text;
        signal = Array.FindIndex(Names, known => known.Length > 0 && known.Equals(name, StringComparison.OrdinalIgnoreCase));
        return signal > 0;
    }

    /// <exception cref="FormatException">No signal has this name or number.</exception>
    public static int Parse(string text) =>
        TryParse(text, out var signal) ? signal : throw new FormatException($"'{text}' is no signal; use a name like TERM or a number like 15.");

    /// <summary>Its default action ends a process.</summary>
    public static bool Ends(int signal) => signal is > 0 and <= 64 && Array.IndexOf(Harmless, signal) < 0;

    /// <summary>"SIGTERM" for 15; "signal 40" for one without a name.</summary>
    public static string Name(int signal) =>
        signal > 0 && signal < Names.Length ? "SIG" + Names[signal] : string.Create(CultureInfo.InvariantCulture, $"signal {signal}");
}
