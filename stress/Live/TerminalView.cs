using Spectre.Console;
using Spectre.Console.Rendering;
using Supervisor.Stress.Invariants;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Live;

/// <summary>For a person at a terminal: one screen that is redrawn in place, at most four times a second.</summary>
internal sealed class TerminalView : ILiveView
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly IAnsiConsole _console;
    private readonly LiveFigures _figures = new();
    private readonly NewViolations _newViolations = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _display;
    private LiveDisplayContext? _screen;
    private TimeSpan _next;

    public TerminalView(IAnsiConsole console)
    {
        _console = console;
        _display = console.Live(new Text("The tree is starting…")).Overflow(VerticalOverflow.Ellipsis).StartAsync(screen =>
        {
            _screen = screen;
            screen.Refresh();
            return _done.Task;
        });
    }

    public void Apply(RunEvent runEvent) => _figures.Apply(runEvent);

    public void Show(TimeSpan now, IReadOnlyList<InvariantVerdict> verdicts)
    {
        _newViolations.Take(verdicts);
        if (now < _next)
            return;

        _next = now + Interval;
        Draw(TerminalScreen.Of(_figures, verdicts, _newViolations.Recent, now, _console.Profile.Height));
    }

    public void Conclude(RunResult result)
    {
        Leave();
        _console.WriteLine();
        _console.WriteLine(result.Verdict.Sentence, new Style(result.Verdict.Held ? Color.Green : Color.Red, decoration: Decoration.Bold));

        // Not through the console, which would break lines: a path must stay copyable.
        ResultText.WriteDetails(_console.Profile.Out.Writer, result);
    }

    public void Dispose() => Leave();

    private void Draw(IRenderable screen) => _screen?.UpdateTarget(screen);

    /// <summary>The last screen stays above what is printed next; the cursor is shown again.</summary>
    private void Leave()
    {
        _done.TrySetResult();
        _display.GetAwaiter().GetResult();
    }
}
