using Supervisor.Processes;

namespace Supervisor.Host.Running;

/// <summary>An exit as the contracts write it.</summary>
internal static class ExitWords
{
    public static ExitStatus Status(ExitReason exit, DateTimeOffset at) => exit switch
    {
        ExitReason.Exited(var code) => new ExitStatus(ExitKind.Exit, code, Signal: null, at),
        ExitReason.Signaled(var signal, _) => new ExitStatus(ExitKind.Signal, Code: null, Signals.Name(signal), at),
        _ => new ExitStatus(ExitKind.Lost, Code: null, Signal: null, at),
    };
}
