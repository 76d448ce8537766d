using System.Runtime.InteropServices;

namespace Supervisor.Puppet;

/// <summary>Declared void where nothing could be done about a failure.</summary>
internal static unsafe partial class NativeMethods
{
    private const int SigActionSize = 192;
    private const int ReadWrite = 2;

    /// <summary>Really by that signal: what the runtime does about it is undone first.</summary>
    public static void DieBy(int signal)
    {
        var standard = stackalloc byte[SigActionSize];
        new Span<byte>(standard, SigActionSize).Clear();
        sigaction(signal, standard, null);
        kill(Environment.ProcessId, signal);
    }

    /// <summary>Whoever reads our output sees its end; the numbers stay taken, so that no file of ours becomes the output.</summary>
    public static void CloseOutput()
    {
        var nothing = open("/dev/null", ReadWrite);
        dup2(nothing, 1);
        dup2(nothing, 2);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc")]
    private static partial void dup2(int from, int to);

    [LibraryImport("libc")]
    private static partial void kill(int pid, int signal);

    [LibraryImport("libc")]
    private static partial void sigaction(int signal, byte* action, byte* old);
}
