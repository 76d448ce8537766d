using System.Globalization;
using System.Text;

namespace Supervisor.Cli.Metrics;

/// <summary>Writes metric families in the text format of OpenMetrics 1.0. Not thread-safe.</summary>
internal sealed class OpenMetricsText
{
    private readonly StringBuilder _text = new();
    private string _family = "";

    public OpenMetricsText Family(string name, string type, string help, string? unit = null)
    {
        _family = name;
        _text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {type}\n");

        if (unit is not null)
            _text.Append(CultureInfo.InvariantCulture, $"# UNIT {name} {unit}\n");

        _text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {Escaped(help)}\n");
        return this;
    }

    /// <param name="value">null: not known, and left out.</param>
    public void Add(double? value, params ReadOnlySpan<(string Name, string Value)> labels) => Sample("", value, labels);

    public void AddCounter(double? value, params ReadOnlySpan<(string Name, string Value)> labels) => Sample("_total", value, labels);

    public void AddInfo(params ReadOnlySpan<(string Name, string Value)> labels) => Sample("_info", 1, labels);

    /// <summary>Of values within a moving time: their count may fall.</summary>
    /// <param name="bounds">Ascending, without infinity.</param>
    public void AddGaugeHistogram(IReadOnlyCollection<double> values, IReadOnlyList<double> bounds, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        foreach (var bound in bounds)
            Sample("_bucket", values.Count(value => value <= bound), [.. labels, ("le", Number(bound))]);

        Sample("_bucket", values.Count, [.. labels, ("le", "+Inf")]);
        Sample("_gcount", values.Count, labels);
        Sample("_gsum", values.Sum(), labels);
    }

    public string Done() => _text.Append("# EOF\n").ToString();

    private void Sample(string suffix, double? value, ReadOnlySpan<(string Name, string Value)> labels)
    {
        if (value is not { } known)
            return;

        _text.Append(_family).Append(suffix);

        for (var i = 0; i < labels.Length; i++)
            _text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? '{' : ',')}{labels[i].Name}=\"{Escaped(labels[i].Value)}\"");

        _text.Append(labels.Length > 0 ? "} " : " ").Append(Number(known)).Append('\n');
    }

    /// <summary>With a point: a bound is a canonical floating-point number.</summary>
    private static string Number(double value) => value == Math.Floor(value) && Math.Abs(value) < 1e15 ? value.ToString("0.0", CultureInfo.InvariantCulture) : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
