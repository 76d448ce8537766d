using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Threading.Channels;
using Supervisor.Cli.Foreground;
using Supervisor.Cli.Rendering;
using Supervisor.Processes;

namespace Supervisor.Cli.Attaching;

/// <summary>
/// This terminal, connected with that of a server: shows what the server prints as it is, and passes on what is typed. In whatever way it ends, the terminal is as it was
/// before, also where its window takes no more output. Used once.
/// </summary>
/// <param name="state">Of the service, for the first line.</param>
[UnsupportedOSPlatform("windows")]
internal sealed class AttachedTerminal(string service, string state, TerminalChannel channel, Screen screen, TimeProvider time)
{
    private const byte Interrupt = 0x03;

    /// <summary>.NET has set these for its own reading of keys: arrows and the keypad would send other sequences than the server expects.</summary>
    private const string PlainKeys = "\e[?1l\e>";

    /// <summary>How long the last keys may take to the host, and the last words to a window.</summary>
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(1);

    // One is enough: the size is read when it is sent.
    private readonly Channel<bool> _resized = Channel.CreateBounded<bool>(new BoundedChannelOptions(capacity: 1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TerminalModes _modes = new();
    private volatile bool _isTypist;

    /// <param name="first">The host's first news.</param>
    /// <param name="looksOnly">The user does not want to type.</param>
    public async Task<AttachmentEnd> RunAsync(TerminalNews.Role first, bool looksOnly)
    {
        using var over = new CancellationTokenSource();
        using var raw = new RawTerminal();
        using var signals = new InterruptSignals(screen.Reader);
        using var resized = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => _resized.Writer.TryWrite(true));
        using var continued = PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => OnContinued(raw));

        Show(PlainKeys);
        Tell(FirstLine(first, looksOnly));
        _isTypist = first.IsTypist;

        var keys = TypedKeys.Start();
        var sending = SendAsync(keys.Reader, over.Token);
        var receiving = ReceiveAsync(over.Token);
        var ended = await Task.WhenAny(receiving, keys.Ended, _left.Task, signals.Arrived.ReadAsync(over.Token).AsTask());

        if (ended == keys.Ended)
            await PassOnAsync(sending, receiving);

        var end = ended == receiving ? await receiving : new AttachmentEnd.Left();
        await over.CancelAsync();

        // The window may hang, and with it the thread that writes.
        await Task.Run(() => Show(_modes.Leave() + LastLine(end)), CancellationToken.None)
            .WaitAsync(EndTimeout, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return end;
    }

    /// <summary>What was typed last still reaches the server.</summary>
    private async Task PassOnAsync(Task sending, Task receiving)
    {
        await sending.WaitAsync(EndTimeout, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        if (!sending.IsCompleted)
            return;

        channel.EndTyping();
        await receiving.WaitAsync(EndTimeout, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<AttachmentEnd> ReceiveAsync(CancellationToken over)
    {
        // The caller begins both loops, and the first output may block its thread.
        await Task.Yield();

        try
        {
            while (await channel.NextAsync(ShowOutput, over) is { } news)
            {
                if (news is TerminalNews.End(var exitCode, var reason))
                    return new AttachmentEnd.Told(exitCode, reason);

                OnRole((TerminalNews.Role)news);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or IOException or InvalidDataException)
        {
            // The link has ended, or speaks another language: the host is of no more use.
        }

        return new AttachmentEnd.HostDied();
    }

    private void OnRole(TerminalNews.Role role)
    {
        if (role.IsTypist != _isTypist)
            Tell(role.IsTypist ? $"you type now; {DetachKeys.Names} detaches" : $"you look now: {Typist(role)}");

        _isTypist = role.IsTypist;
    }

    private async Task SendAsync(ChannelReader<byte[]> keys, CancellationToken over)
    {
        try
        {
            var typed = keys.WaitToReadAsync(over).AsTask();
            var resized = _resized.Reader.WaitToReadAsync(over).AsTask();

            while (await Task.WhenAny(typed, resized) != typed || await typed)
            {
                if (resized.IsCompleted && _resized.Reader.TryRead(out _))
                {
                    await channel.ResizeAsync(RawTerminal.Window() ?? WindowSize.Default, over);
                    resized = _resized.Reader.WaitToReadAsync(over).AsTask();
                }

                while (keys.TryRead(out var chunk))
                    await PassAsync(chunk, over);

                if (typed.IsCompleted)
                    typed = keys.WaitToReadAsync(over).AsTask();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException or IOException)
        {
            // The link has ended, which the other loop finds as well.
        }
    }

    private async Task PassAsync(byte[] chunk, CancellationToken over)
    {
        if (_isTypist)
            await channel.TypeAsync(chunk, over);
        else if (chunk.Contains(Interrupt))
            _left.TrySetResult();
    }

    // A shell has set its own modes meanwhile, and the window may have changed.
    private void OnContinued(RawTerminal raw)
    {
        raw.Renew();
        _resized.Writer.TryWrite(true);
    }

    private string FirstLine(TerminalNews.Role role, bool looksOnly) => role.IsTypist
        ? $"attached to {service} ({state}); what you type goes to it, {DetachKeys.Names} detaches"
        : $"looking at {service} ({state}); {(looksOnly && role.TypistPid == 0 ? "nobody types" : Typist(role))}; Ctrl-C leaves";

    private string LastLine(AttachmentEnd end) => end switch
    {
        AttachmentEnd.Left => $"\r\n[supervisor] detached; {service} goes on\r\n",
        AttachmentEnd.Told(_, var reason) => $"\r\n[supervisor] {reason}\r\n",
        _ => "\r\n",
    };

    private static string Typist(TerminalNews.Role role) => role.TypistPid == 0 ? "nobody types" : $"process {role.TypistPid} types";

    private void ShowOutput(ReadOnlySequence<byte> output)
    {
        foreach (var piece in output)
        {
            _modes.Read(piece.Span);
            screen.Out.WriteBytes(piece.Span);
        }
    }

    private void Tell(string line) => Show($"{new Palette(screen.Coloured).Faint($"[supervisor] {line}")}\r\n");

    private void Show(string text) => screen.Out.Write(text);
}
