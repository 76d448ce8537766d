using Spectre.Console;
using Spectre.Console.Rendering;

namespace Supervisor.Stress.Live;

/// <summary>Text that is truncated rather than wrapped: a screen that changes its height flickers.</summary>
internal sealed class TruncatedText(string text, Style style) : Renderable
{
    private readonly Segment _whole = new(text.ReplaceLineEndings(" "), style);

    protected override Measurement Measure(RenderOptions options, int maxWidth) => new(1, Math.Min(_whole.CellCount(), maxWidth));

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
        _whole.CellCount() <= maxWidth ? [_whole] : [.. Segment.Truncate([_whole], Math.Max(0, maxWidth - 1)), new Segment("…", style)];
}
