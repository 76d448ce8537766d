using System.Runtime.InteropServices;
using Supervisor.Cli.Interop;

namespace Supervisor.Cli.Rendering;

/// <summary>
/// Who reads our standard output. A write to a pipe without a reader fails (the runtime ignores SIGPIPE, and its console ignores the error), but a command that
/// has nothing to write would never learn of it. Watching costs a waiting thread, and begins with the first question. Thread-safe.
/// </summary>
internal sealed class OutputReader
{
    private const int StandardOutput = 1;

    private readonly Lazy<CancellationToken> _gone = new(Watch);

    /// <summary>The reader of the pipe has ended, such as <c>head</c> once it has its lines, or the terminal was hung up.</summary>
    public bool IsGone => _gone.Value.IsCancellationRequested;

    /// <param name="act">Called once, on another thread; at once if it is gone already.</param>
    public CancellationTokenRegistration WhenGone(Action act) => _gone.Value.Register(act);

    private static CancellationToken Watch()
    {
        if (OperatingSystem.IsWindows())
            return CancellationToken.None;

        var gone = new CancellationTokenSource();
        new Thread(() => WaitUntilGone(gone), maxStackSize: 256 * 1024) { IsBackground = true, Name = "reader" }.Start();
        return gone.Token;
    }

    private static unsafe void WaitUntilGone(CancellationTokenSource gone)
    {
        // Asked for no event, poll(2) reports POLLERR and POLLHUP only. A file has neither: then this waits until the process ends.
        var output = new LibC.PollFd { Descriptor = StandardOutput };
        int answer;

        do
        {
            answer = LibC.poll(&output, 1, -1);
        }
        while (answer < 0 && Marshal.GetLastPInvokeError() == LibC.EINTR);

        if (answer > 0)
            gone.CancelAsync().GetAwaiter().GetResult();
    }
}
