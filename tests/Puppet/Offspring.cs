using System.Diagnostics;
using System.Globalization;

namespace Supervisor.Puppet;

/// <summary>Descendants of every bad kind, made by a shell so that 150 of them are cheap. Each ends by itself after the time to live.</summary>
internal static class Offspring
{
    // An ignored signal stays ignored over exec.
    private const string Deaf = "trap '' TERM INT HUP; ";

    private const string Silent = "exec >/dev/null 2>&1 </dev/null; ";

    public static void Bear(PuppetOptions options)
    {
        var life = Seconds(options.TimeToLive);

        if (options.DoubleFork)
            LeaveGrandchild(options.TimeToLive);
        if (options.HoldStdout)
            Shell($"{Deaf}setsid sleep {life} & exit 0").WaitForExit();
        if (options.Fork > 0)
            Shell($"{Deaf}{Silent}i=0; while [ $i -lt {options.Fork} ]; do sleep {life} & i=$((i+1)); done; wait").Dispose();
    }

    public static void LeaveGrandchild(TimeSpan life)
    {
        using var shell = Shell($"{Deaf}{Silent}setsid sleep {Seconds(life)} & exit 0");
        shell.WaitForExit();
    }

    private static string Seconds(TimeSpan life) => ((int)life.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    private static Process Shell(string script) =>
        Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { UseShellExecute = false })!;
}
