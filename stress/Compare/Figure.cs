using System.Globalization;

namespace Supervisor.Stress.Compare;

/// <summary>One row of the comparison: its label, and the value of each tool.</summary>
/// <param name="Value">The value by which tools are compared; null: not comparable.</param>
internal sealed record Figure(
    string Name, string Explanation, Func<ToolReport, string> Text, Func<ToolReport, double?> Value, Better Better)
{
    /// <summary>Shown where a tool has no such figure.</summary>
    public const string None = "-";

    /// <summary>Tools that share the best value as displayed; none when all are equal or not comparable.</summary>
    public IReadOnlySet<ToolReport> Best(IReadOnlyList<ToolReport> tools)
    {
        var compared = tools.Where(tool => Value(tool) is not null).ToArray();
        if (Better is Better.Neither || compared.Select(Text).Distinct(StringComparer.Ordinal).Count() < 2)
            return new HashSet<ToolReport>();

        var best = Text((Better is Better.Less ? compared.MinBy(Value) : compared.MaxBy(Value))!);
        return compared.Where(tool => Text(tool) == best).ToHashSet();
    }

    public static Figure Number(
        string name, string explanation, Func<ToolReport, double?> value, Better better = Better.Less, string format = "0") =>
        new(name, explanation, tool => value(tool)?.ToString(format, CultureInfo.InvariantCulture) ?? None, value, better);

    public static Figure Label(string name, string explanation, Func<ToolReport, string?> text) =>
        new(name, explanation, tool => text(tool) ?? None, _ => null, Better.Neither);
}

internal enum Better
{
    Neither,
    Less,
    More,
}
