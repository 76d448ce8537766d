namespace Supervisor.Client;

/// <summary>
/// The one line of JSON that <c>supervisor-parent</c> writes to its standard output once it is up or has failed to start. Exactly one of the two is
/// set. Nothing is written after it: the parent's standard streams are /dev/null from then on.
/// </summary>
public sealed record StartupLine(ParentStarted? Started = null, ParentFailed? Failed = null);

public sealed record ParentStarted(int Pid);

/// <param name="ExitCode">The exit code of the command line, too.</param>
/// <param name="Details">One line each, for example every mistake of the configuration.</param>
public sealed record ParentFailed(int ExitCode, string Message, IReadOnlyList<string> Details);
