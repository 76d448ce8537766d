namespace Supervisor.Stress.Report;

/// <summary>One timeline of the page: what is drawn over the run's time, one value an interval of the <see cref="TimeGrid"/>.</summary>
/// <param name="Unit">Written after each number: "MB", "%", "s"; empty: it counts.</param>
internal sealed record Chart(string Title, string Note, string Unit, IReadOnlyList<Series> Series);

/// <param name="Colour">Of the page's palette.</param>
/// <param name="Values">Null where nothing was measured.</param>
internal sealed record Series(string Name, string Colour, SeriesLook Look, IReadOnlyList<double?> Values);

internal enum SeriesLook
{
    Line,
    Dashed,
    Limit,
    Bars,

    /// <summary>Bars that stand on those of the series after it.</summary>
    Stack,
}
