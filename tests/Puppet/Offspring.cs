using System.Diagnostics;
using System.Globalization;

namespace Supervisor.Puppet;

/// <summary>Descendants of every bad kind, made by a shell so that 150 of them are cheap. Each ends by itself after the time to live.</summary>
internal static class Offspring
{
    // An ignored signal stays ignored over exec.
    private const string Deaf = "trap '' TERM INT HUP; ";

    public static void Bear(PuppetOptions options)
    {
        var life = ((int)options.TimeToLive.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var silent = "exec >/dev/null 2>&1 </dev/null; ";

        if (options.DoubleFork)
            Shell($"{Deaf}{silent}setsid sleep {life} & exit 0").WaitForExit();
        if (options.HoldStdout)
            Shell($"{Deaf}setsid sleep {life} & exit 0").WaitForExit();
        if (options.Fork > 0)
            Shell($"{Deaf}{silent}i=0; while [ $i -lt {options.Fork} ]; do sleep {life} & i=$((i+1)); done; wait").Dispose();
    }

    private static Process Shell(string script) =>
        Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { UseShellExecute = false })!;
}
