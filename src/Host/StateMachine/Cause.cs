namespace Supervisor.Host.StateMachine;

/// <summary>Why a server is started or stopped; the words of the restart ledger.</summary>
internal enum Cause
{
    Manual,
    Autostart,
    Dependency,
    Files,
    Config,
    EnvFile,
    Crash,
    Oom,
    Probe,
    Health,
    Port,
    Build,
    Validation,
}

internal static class CauseWords
{
    public static string Word(this Cause cause) => cause switch
    {
        Cause.Manual => "manual",
        Cause.Autostart => "autostart",
        Cause.Dependency => "dependency",
        Cause.Files => "files",
        Cause.EnvFile => "envFile",
        Cause.Config => "config",
        Cause.Crash => "crash",
        Cause.Oom => "oom",
        Cause.Probe => "probe",
        Cause.Health => "health",
        Cause.Port => "port",
        Cause.Build => "build",
        _ => "validation",
    };

    /// <summary>Files have changed.</summary>
    public static bool IsChange(this Cause cause) => cause is Cause.Files or Cause.EnvFile;

    /// <summary>Parses a parent's word; an unknown word counts as a manual request.</summary>
    public static Cause Parse(string word) => word switch
    {
        "autostart" => Cause.Autostart,
        "dependency" => Cause.Dependency,
        "files" => Cause.Files,
        "config" => Cause.Config,
        "crash" => Cause.Crash,
        _ => Cause.Manual,
    };
}
