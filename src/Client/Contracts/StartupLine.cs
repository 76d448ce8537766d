namespace Supervisor.Client;

/// <summary>
/// The one line of JSON that <c>supervisor-parent</c> writes to its standard output once it is up or cannot come up. Exactly one of the two
/// is there. After it nothing more is written: the parent's standard streams are /dev/null from then on.
/// </summary>
public sealed record StartupLine(ParentStarted? Started = null, ParentFailed? Failed = null);

public sealed record ParentStarted(int Pid);

/// <param name="ExitCode">What the command line is to exit with, too.</param>
/// <param name="Details">One line each, for example every mistake of the configuration.</param>
public sealed record ParentFailed(int ExitCode, string Message, IReadOnlyList<string> Details);
