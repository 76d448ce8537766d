namespace Supervisor.Processes;

/// <summary>How one process ended, exactly as reported by wait(2): exit code 143 and death by SIGTERM are different.</summary>
public abstract record ExitReason
{
    private const int FirstSignalCode = 128;

    private ExitReason()
    {
    }

    public bool IsSuccess => this is Exited { Code: 0 };

    /// <summary>0 to 255; null: it did not exit by itself.</summary>
    public int? ExitCode => (this as Exited)?.Code;

    /// <summary>For example SIGABRT; null: no signal killed it.</summary>
    public string? SignalName => this is Signaled { Signal: var signal } ? Signals.Name(signal) : null;

    /// <summary>For users: "exited with code 1", "killed by SIGSEGV (core dumped)".</summary>
    public abstract string Describe();

    /// <summary>
    /// For the exit of a shell that has waited for a program: the program's end. A shell passes an exit code on and reports death by a signal as 128 and the number of
    /// the signal, so an exit code above 128 may be mistaken for a signal.
    /// </summary>
    public ExitReason OfProgramUnderShell() => this is Exited(var code) && Signals.Ends(code - FirstSignalCode) ? new Signaled(code - FirstSignalCode, CoreDumped: false) : this;

    /// <param name="Code">0 to 255.</param>
    public sealed record Exited(int Code) : ExitReason
    {
        public override string Describe() => $"exited with code {Code}";
    }

    public sealed record Signaled(int Signal, bool CoreDumped) : ExitReason
    {
        public override string Describe() => $"killed by {Signals.Name(Signal)}{(CoreDumped ? " (core dumped)" : "")}";
    }

    /// <summary>It has ended, and its status could not be collected.</summary>
    public sealed record Lost : ExitReason
    {
        public override string Describe() => "gone without an exit status";
    }

    /// <summary>Decodes a wait status: low 7 bits the signal, bit 7 the core dump, else the code in bits 8 to 15.</summary>
    internal static ExitReason FromWaitStatus(int status)
    {
        var signal = status & 0x7f;
        return signal == 0 ? new Exited((status >> 8) & 0xff) : new Signaled(signal, (status & 0x80) != 0);
    }
}
