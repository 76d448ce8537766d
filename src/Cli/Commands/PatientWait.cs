using Supervisor.Cli.Connection;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Commands;

/// <summary>Waits for an answer, and says on standard error what is waited for once that takes long, and whenever it is something else.</summary>
internal sealed class PatientWait
{
    private static readonly TimeSpan LongStart = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongStop = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly CommandContext _context;
    private readonly ControlLink _link;
    private readonly Patience _patience;
    private readonly Func<StatusReport, string?> _names;
    private readonly Func<StatusReport, string?> _text;

    private PatientWait(CommandContext context, ControlLink link, TimeSpan before, Func<StatusReport, string?> names, Func<StatusReport, string?> text) =>
        (_context, _link, _patience, _names, _text) = (context, link, new Patience(before), names, text);

    public static PatientWait ForStart(CommandContext context, ControlLink link, IReadOnlyList<string> services) => new(
        context, link, LongStart,
        board => StartSummary.NamesWaitedFor(Named(board, services)),
        board => StartSummary.WaitingFor(Named(board, services)));

    /// <param name="services">None: all.</param>
    public static PatientWait ForStop(CommandContext context, ControlLink link, IReadOnlyList<string> services)
    {
        return new(context, link, LongStop, Waiting, Waiting);

        string? Waiting(StatusReport board) =>
            BoardChanges.StillWaitingFor(services.Count == 0 ? board : board with { Services = Named(board, services) });
    }

    /// <returns>The answer.</returns>
    public async Task<TResult> TellAsync<TResult>(Task<TResult> answer, CancellationToken cancellationToken)
    {
        var board = _link.InitialStatus;

        while (!cancellationToken.IsCancellationRequested && await Task.WhenAny(answer, Task.Delay(Period, _context.Time, cancellationToken)) != answer)
        {
            while (_link.Boards.TryRead(out var newest))
                board = newest;

            if (_patience.IsDue(_names(board), _context.Time.GetElapsedTime(0)))
                _context.Screen.Error.WriteLine(_text(board));
        }

        return await answer;
    }

    private static ServiceStatus[] Named(StatusReport board, IReadOnlyList<string> services) =>
        [.. board.Services.Where(service => services.Contains(service.Name, StringComparer.Ordinal))];
}
