using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Supervisor.Host.Terminals;

namespace Supervisor.Unit.Host;

/// <summary>What a host answers on its terminal channel to viewers of every kind.</summary>
public sealed class TerminalAttachmentSpecs : IAsyncDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly ServiceTerminal _terminal = new("web");
    private readonly List<Task> _serving = [];

    [Fact]
    public async Task The_first_who_wants_to_types_and_the_next_when_it_has_left()
    {
        var looking = Attach(wantsToType: false, pid: 1);
        var first = Attach(wantsToType: true, pid: 2);
        (await first.NextAsync(TerminalFrameKind.Role)).Should().Equal(1, 0, 0, 0, 2);
        var second = Attach(wantsToType: true, pid: 3);
        (await second.NextAsync(TerminalFrameKind.Role)).Should().Equal(0, 0, 0, 0, 2);
        await looking.UntilAsync(TerminalFrameKind.Role, role => role is [0, 0, 0, 0, 2]);
        _terminal.HasTypist.Should().BeTrue();

        await first.LeaveAsync();

        await second.UntilAsync(TerminalFrameKind.Role, role => role is [1, 0, 0, 0, 3]);
        await second.LeaveAsync();
        await looking.UntilAsync(TerminalFrameKind.Role, role => role is [0, 0, 0, 0, 0]);
        _terminal.HasTypist.Should().BeFalse();
    }

    [Fact]
    public async Task A_viewer_gets_the_last_screen_the_modes_and_the_lines_of_the_host_in_order()
    {
        _terminal.Write("\e[?2004h1\r\n2\r\n3\r\n> "u8);
        _terminal.WriteLine("reloaded");

        var viewer = Attach(wantsToType: true, pid: 1, rows: 3);

        await viewer.NextAsync(TerminalFrameKind.Role);
        Encoding.UTF8.GetString(await viewer.NextAsync(TerminalFrameKind.Output)).Should().Be("\e[?2004h");
        Encoding.UTF8.GetString(await viewer.NextAsync(TerminalFrameKind.Output)).Should().Be("3\r\n> \r\n[web] reloaded\r\n");
    }

    [Fact]
    public async Task A_viewer_that_stalls_holds_up_nobody_and_is_told_what_it_missed()
    {
        var viewer = Attach(wantsToType: false, pid: 1);
        await viewer.NextAsync(TerminalFrameKind.Role);

        for (var line = 0; line < 100_000; line++)
            _terminal.Write("0123456789\r\n"u8);

        _terminal.WriteLine("the end");
        var shown = "";
        await viewer.UntilAsync(TerminalFrameKind.Output, output => (shown += Encoding.UTF8.GetString(output)).EndsWith("[web] the end\r\n", StringComparison.Ordinal));

        shown.Should().MatchRegex(@"\[web\] ! \d+ KiB of output were not shown").And.NotContain("\n123");
    }

    [Fact]
    public async Task A_service_without_a_terminal_says_what_to_write()
    {
        var viewer = Attach(wantsToType: true, pid: 1, terminal: null);

        var end = await viewer.NextAsync(TerminalFrameKind.End);

        end[0].Should().Be((byte)ExitCode.BadUsage);
        Encoding.UTF8.GetString(end[1..]).Should().Contain("\"tty\": true");
    }

    [Fact]
    public async Task The_end_of_the_host_is_told_after_the_last_output()
    {
        var viewer = Attach(wantsToType: true, pid: 1);
        await viewer.NextAsync(TerminalFrameKind.Role);

        _terminal.Write("last words"u8);
        _terminal.Close();

        Encoding.UTF8.GetString(await viewer.NextAsync(TerminalFrameKind.Output)).Should().Be("last words");
        (await viewer.NextAsync(TerminalFrameKind.End))[0].Should().Be((byte)ExitCode.Ok);
    }

    [Theory]
    [InlineData("X")]
    [InlineData("A\0\x02")]
    [InlineData("A\0\x01!")]
    [InlineData("S\0\x04abcd")]
    [InlineData("A\xff\xff")]
    public async Task Whoever_does_not_speak_as_agreed_is_left(string bytes)
    {
        var viewer = Open(pid: 1, _terminal);
        await viewer.SendAsync(Encoding.Latin1.GetBytes(bytes));
        await viewer.LeaveAsync();

        await _serving.Single().WaitAsync(TestTimeout);
        _terminal.HasTypist.Should().BeFalse();
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await Task.WhenAll(_serving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ended.Dispose();
    }

    private static readonly TimeSpan TestTimeout = TimeSpan.FromSeconds(30);

    private Viewer Attach(bool wantsToType, int pid, byte rows = 24) => Attach(wantsToType, pid, _terminal, rows);

    private Viewer Attach(bool wantsToType, int pid, ServiceTerminal? terminal, byte rows = 24)
    {
        var viewer = Open(pid, terminal);
        viewer.Send([(byte)'A', 0, 5, (byte)(wantsToType ? 1 : 0), 0, 80, 0, rows]);
        return viewer;
    }

    private Viewer Open(int pid, ServiceTerminal? terminal)
    {
        var options = new PipeOptions(pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024);
        var (toHost, toViewer) = (new Pipe(options), new Pipe(options));
        _serving.Add(new TerminalAttachment("web", terminal, pid, TimeProvider.System).RunAsync(new Ends(toHost.Reader, toViewer.Writer), _ended.Token));
        return new Viewer(toViewer.Reader, toHost.Writer);
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class Viewer(PipeReader input, PipeWriter output)
    {
        public void Send(byte[] bytes) => output.WriteAsync(bytes).AsTask().GetAwaiter().GetResult();

        public async Task SendAsync(byte[] bytes) => await output.WriteAsync(bytes);

        public async Task LeaveAsync() => await output.CompleteAsync();

        public async Task UntilAsync(TerminalFrameKind kind, Func<byte[], bool> holds)
        {
            while (!holds(await NextAsync(kind)))
            {
            }
        }

        /// <summary>The next frame, which must be of this kind.</summary>
        public async Task<byte[]> NextAsync(TerminalFrameKind kind)
        {
            while (true)
            {
                var read = await input.ReadAsync().AsTask().WaitAsync(TestTimeout);
                var received = read.Buffer;
                var isThere = TerminalFrame.TryTake(ref received, out var frame);
                var content = isThere ? frame.Content.ToArray() : [];
                input.AdvanceTo(received.Start, isThere ? received.Start : received.End);

                if (isThere)
                {
                    frame.Kind.Should().Be(kind);
                    return content;
                }
            }
        }
    }
}
