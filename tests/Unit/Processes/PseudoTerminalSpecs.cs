using System.Text;
using Microsoft.Win32.SafeHandles;
using Supervisor.Processes;

namespace Supervisor.Unit.Processes;

/// <summary>A program in a terminal of ours.</summary>
public sealed class PseudoTerminalSpecs : IAsyncDisposable
{
    private readonly ProcessFixture _processes = new();

    [Fact]
    public async Task A_program_gets_the_terminal_as_its_streams_its_window_and_what_is_typed()
    {
        using var terminal = PseudoTerminal.Open(new WindowSize(101, 31));
        var child = _processes.Spawn(_processes.Shell("stty size; tty; read word; echo got $word; ps -o tpgid= -o pgid= -p $$ | tr -s ' '") with { Terminal = terminal.Path });

        terminal.Type("hello\r"u8).Should().Be(6);

        var lines = (await OutputAsync(terminal)).Split("\r\n");
        lines.Should().Contain(["31 101", terminal.Path, "hello", "got hello"]);
        lines.Single(line => line.Trim() == $"{child.Pid} {child.Pid}").Should().NotBeNull("its group is in the foreground");
        (await child.Exited).Should().Be(new ExitReason.Exited(0));
    }

    [Fact]
    public async Task A_program_that_reads_nothing_lets_nobody_wait()
    {
        using var terminal = PseudoTerminal.Open(WindowSize.Default);
        var child = _processes.Spawn(_processes.Shell("stty raw -echo; echo ready; exec sleep 1000") with { Terminal = terminal.Path });
        await OutputUntilAsync(terminal, "ready");

        var typed = 0;
        while (typed < 1 << 20 && terminal.Type(new byte[1024]) is > 0 and var count)
            typed += count;

        typed.Should().BeInRange(1024, (1 << 20) - 1, "the rest is for later");
        child.TrySignal(9);
        await child.Exited;
    }

    [Fact]
    public async Task Its_end_hangs_the_program_up()
    {
        var terminal = PseudoTerminal.Open(WindowSize.Default);
        var child = _processes.Spawn(_processes.Program("sleep", "1000") with { Terminal = terminal.Path });

        terminal.Dispose();

        (await child.Exited.WaitAsync(TimeSpan.FromSeconds(30))).Should().Be(new ExitReason.Signaled(1, CoreDumped: false));
    }

    [Fact]
    public void What_is_typed_when_the_terminal_has_just_been_hung_up_goes_nowhere()
    {
        var terminal = PseudoTerminal.Open(WindowSize.Default);
        terminal.Dispose();

        terminal.Type("hello\r"u8).Should().BeNull();
    }

    [Fact]
    public void A_terminal_that_is_gone_fails_the_spawn()
    {
        var request = _processes.Program("sleep", "1000") with { Terminal = "/dev/pts/no-such" };

        request.Invoking(_processes.Spawn).Should().Throw<SpawnException>();
    }

    public ValueTask DisposeAsync() => _processes.DisposeAsync();

    private static Task<string> OutputAsync(PseudoTerminal terminal) => OutputUntilAsync(terminal, wanted: null);

    /// <summary>Until this text, or the end.</summary>
    private static async Task<string> OutputUntilAsync(PseudoTerminal terminal, string? wanted)
    {
        var output = new StringBuilder();
        var deadline = DateTime.UtcNow + TimeSpan.FromSeconds(30);
        var buffer = new byte[4096];
        using var own = new SafeFileHandle(terminal.Master.DangerousGetHandle(), ownsHandle: false);
        await using var stream = new FileStream(own, FileAccess.Read, bufferSize: 0);

        while (DateTime.UtcNow < deadline && (wanted is null || !output.ToString().Contains(wanted, StringComparison.Ordinal)))
        {
            try
            {
                var count = stream.Read(buffer);

                if (count == 0)
                    return output.ToString();

                output.Append(Encoding.UTF8.GetString(buffer, 0, count));
            }
            catch (IOException nothing) when (nothing.HResult == 11)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5));
            }
            catch (IOException)
            {
                return output.ToString();
            }
        }

        return output.ToString();
    }
}
