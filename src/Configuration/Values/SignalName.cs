namespace Supervisor.Configuration.Values;

/// <summary>Signals by name, with or without SIG, in upper or lower case. The numbers are those of this platform.</summary>
internal static class SignalName
{
    public const int Term = 15;

    private const int Kill = 9;

    private static readonly (string Name, int Linux, int Mac)[] Known =
    [
        ("HUP", 1, 1), ("INT", 2, 2), ("QUIT", 3, 3), ("ABRT", 6, 6), ("KILL", Kill, Kill), ("USR1", 10, 30), ("USR2", 12, 31),
        ("PIPE", 13, 13), ("ALRM", 14, 14), ("TERM", Term, Term), ("CONT", 18, 19), ("WINCH", 28, 28),
    ];

    /// <summary>A signal that can end a server.</summary>
    public static Parsed<int> Parse(string text)
    {
        var name = text.ToUpperInvariant();
        name = name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name;

        foreach (var (known, linux, mac) in Known)
        {
            if (known == name)
                return Parsed.Ok(OperatingSystem.IsMacOS() ? mac : linux);
        }

        return Parsed.Wrong<int>($"must be the name of a signal: {string.Join(", ", Known.Select(k => k.Name))}");
    }

    /// <summary>A signal that a server can handle by reloading.</summary>
    public static Parsed<int> ParseForReload(string text)
    {
        var parsed = Parse(text);

        return parsed is { IsValid: true, Value: Kill }
            ? Parsed.Wrong<int>("cannot reload with KILL, which no server can handle; write \"restart\"")
            : parsed;
    }
}
