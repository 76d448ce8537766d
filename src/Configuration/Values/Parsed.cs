using System.Diagnostics.CodeAnalysis;

namespace Supervisor.Configuration.Values;

/// <summary>A value parsed from text, or the mistake in the text. <see cref="Mistake"/> is shown after the path: "must be …".</summary>
public readonly record struct Parsed<T>(T? Value, string? Mistake)
{
    [MemberNotNullWhen(false, nameof(Mistake))]
    [MemberNotNullWhen(true, nameof(Value))]
    public bool IsValid => Mistake is null;
}

internal static class Parsed
{
    public static Parsed<T> Ok<T>(T value) => new(value, Mistake: null);

    public static Parsed<T> Wrong<T>(string mistake) => new(default, mistake);
}
