namespace Supervisor.Cli.Rendering;

/// <summary>Tells what is waited for only once the wait has lasted, and then each time that it waits for something else. Not thread-safe.</summary>
internal sealed class Patience(TimeSpan before)
{
    private TimeSpan? _since;
    private string? _told;

    /// <param name="waitedFor">null: the wait is over.</param>
    /// <param name="now">On a clock that only goes forward.</param>
    public bool IsDue(string? waitedFor, TimeSpan now)
    {
        if (waitedFor is null)
        {
            (_since, _told) = (null, null);
            return false;
        }

        _since ??= now;

        if (now - _since < before || waitedFor == _told)
            return false;

        _told = waitedFor;
        return true;
    }
}
