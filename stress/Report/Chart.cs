namespace Supervisor.Stress.Report;

/// <summary>One chart of the page over the run's time, one value per interval of the <see cref="TimeGrid"/>.</summary>
/// <param name="Unit">Written after each number: "MB", "%", "s"; empty for counts.</param>
internal sealed record Chart(string Title, string Note, string Unit, IReadOnlyList<Series> Series);

/// <param name="Colour">A colour of the page's palette.</param>
/// <param name="Values">Null where nothing was measured.</param>
internal sealed record Series(string Name, string Colour, SeriesLook Look, IReadOnlyList<double?> Values);

internal enum SeriesLook
{
    Line,
    Dashed,
    Limit,
    Bars,

    /// <summary>Bars stacked on those of the next series.</summary>
    Stack,
}
