using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Supervisor.Processes;

namespace Supervisor.Host.Terminals;

/// <summary>
/// The terminal of a service over all its servers, each of which has a pseudo-terminal of its own: what they print, and the viewers. The first viewer who wants to
/// type does, and the window is the typist's; all others look. Neither a server nor the host ever waits for a viewer: one that is too slow is told how much it has missed.
/// Thread-safe.
/// </summary>
internal sealed class ServiceTerminal(string service)
{
    /// <summary>The most that is copied while a writer waits for the lock: some microseconds.</summary>
    private const int MaxCopyBytes = 64 * 1024;

    private const int MostLinesShown = 200;

    private readonly Lock _lock = new();
    private readonly TerminalHistory _history = new();
    private readonly TerminalModes _modes = new();
    private readonly List<TerminalViewer> _viewers = [];
    private PseudoTerminal? _current;
    private TaskCompletionSource? _arrival;
    private bool _isInLine;
    private bool _isClosed;

    /// <summary>Somebody may type: the server may be at a breakpoint.</summary>
    public bool HasTypist
    {
        get
        {
            lock (_lock)
                return Typist is not null;
        }
    }

    private TerminalViewer? Typist => _viewers.Find(viewer => viewer.WantsToType);

    /// <summary>The next server's terminal.</summary>
    public void Begin(PseudoTerminal terminal)
    {
        lock (_lock)
        {
            _current = terminal;
            FitWindow();
        }
    }

    /// <summary>The server of this terminal has ended. May be called again.</summary>
    public void End(PseudoTerminal terminal)
    {
        lock (_lock)
        {
            if (_current != terminal)
                return;

            // A server that was killed leaves another screen or a hidden cursor to the next one.
            _current = null;
            _history.Write(Encoding.ASCII.GetBytes(_modes.Leave()));
            _modes.Clear();
        }
    }

    /// <summary>What the server has printed.</summary>
    public void Write(ReadOnlySpan<byte> output)
    {
        lock (_lock)
        {
            _history.Write(output);
            _modes.Read(output);
            _isInLine = output[^1] != '\n';
        }

        Announce();
    }

    /// <summary>A line of the host about the service.</summary>
    public void WriteLine(string text)
    {
        lock (_lock)
        {
            _history.Write(Encoding.UTF8.GetBytes(HostLine(text)));
            _isInLine = false;
        }

        Announce();
    }

    /// <summary>The host ends: the viewers are told.</summary>
    public void Close()
    {
        lock (_lock)
            _isClosed = true;

        Announce();
    }

    public void Join(TerminalViewer viewer)
    {
        lock (_lock)
        {
            viewer.Position = _history.StartOfLast(Math.Min((int)(viewer.Window.IsKnown ? viewer.Window : WindowSize.Default).Rows, MostLinesShown));
            _viewers.Add(viewer);
            FitWindow();
        }

        Announce();
    }

    public void Leave(TerminalViewer viewer)
    {
        lock (_lock)
        {
            _viewers.Remove(viewer);
            FitWindow();
        }

        Announce();
    }

    public void Resize(TerminalViewer viewer, WindowSize window)
    {
        lock (_lock)
        {
            viewer.Window = window;
            FitWindow();
        }
    }

    /// <summary>The terminal into which this viewer types now; null: it only looks, or no server runs.</summary>
    public PseudoTerminal? TypedBy(TerminalViewer viewer)
    {
        lock (_lock)
            return Typist == viewer ? _current : null;
    }

    /// <summary>Writes frames of all that is new for a viewer.</summary>
    /// <param name="arrival">Completes when there is something new.</param>
    /// <returns>false: there was nothing.</returns>
    public bool TryTake(TerminalViewer viewer, IBufferWriter<byte> output, out Task arrival)
    {
        arrival = Task.CompletedTask;

        lock (_lock)
        {
            var isNew = TakeRole(viewer, output) | TakeMissed(viewer, output) | TakeOutput(viewer, output);

            if (isNew || TakeEnd(viewer, output))
                return true;

            _arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            arrival = _arrival.Task;
            return false;
        }
    }

    private bool TakeRole(TerminalViewer viewer, IBufferWriter<byte> output)
    {
        var role = (Types: Typist == viewer, Typist: Typist?.Pid ?? 0);

        if (viewer.ToldRole == role)
            return false;

        Span<byte> content = stackalloc byte[5];
        content[0] = (byte)(role.Types ? 1 : 0);
        BinaryPrimitives.WriteInt32BigEndian(content[1..], role.Typist);
        TerminalFrame.Write(output, TerminalFrameKind.Role, content);

        // What the lines of the history do not say by themselves.
        if (viewer.ToldRole is null && _modes.Enter() is { Length: > 0 } modes)
            TerminalFrame.Write(output, TerminalFrameKind.Output, Encoding.ASCII.GetBytes(modes));

        viewer.ToldRole = role;
        return true;
    }

    private bool TakeMissed(TerminalViewer viewer, IBufferWriter<byte> output)
    {
        if (viewer.Position >= _history.Start)
            return false;

        var next = _history.StartOfLine(_history.Start);
        var missed = string.Create(CultureInfo.InvariantCulture, $"\r\n[{service}] ! {Math.Max(1, (next - viewer.Position) / 1024)} KiB of output were not shown: this window did not keep up\r\n");
        TerminalFrame.Write(output, TerminalFrameKind.Output, Encoding.UTF8.GetBytes(missed));
        viewer.Position = next;
        return true;
    }

    private bool TakeOutput(TerminalViewer viewer, IBufferWriter<byte> output)
    {
        var end = Math.Min(_history.End, viewer.Position + MaxCopyBytes);

        if (viewer.Position == end)
            return false;

        while (viewer.Position < end)
        {
            var piece = _history.From(viewer.Position);
            piece = piece[..(int)Math.Min(piece.Length, end - viewer.Position)];
            TerminalFrame.Write(output, TerminalFrameKind.Output, piece);
            viewer.Position += piece.Length;
        }

        return true;
    }

    private bool TakeEnd(TerminalViewer viewer, IBufferWriter<byte> output)
    {
        if (!_isClosed || viewer.IsToldEnd)
            return false;

        viewer.IsToldEnd = true;
        TerminalFrame.Write(output, TerminalFrameKind.End, [(byte)ExitCode.Ok, .. Encoding.UTF8.GetBytes($"{service} has been stopped: the tree was stopped, or the configuration of {service} has changed")]);
        return true;
    }

    private string HostLine(string text) => $"{(_isInLine ? "\r\n" : "")}[{service}] {text}\r\n";

    private void FitWindow()
    {
        if (Typist is { Window.IsKnown: true } typist)
            _current?.Resize(typist.Window);
    }

    private void Announce()
    {
        TaskCompletionSource? arrival;

        lock (_lock)
            (arrival, _arrival) = (_arrival, null);

        arrival?.TrySetResult();
    }
}
