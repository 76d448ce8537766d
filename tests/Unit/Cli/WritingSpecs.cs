using System.Text;
using Supervisor.Cli.Output;
using Supervisor.Cli.Rendering;

namespace Supervisor.Unit.Cli;

/// <summary>Writing to a terminal may fail or hang; stopping the servers must not.</summary>
public sealed class WritingSpecs
{
    [Theory]
    [InlineData("No space left on device")]
    [InlineData("Input/output error")]
    public void After_an_error_nothing_more_is_written(string error)
    {
        var stream = new FailingStream(error);
        using var writer = new NonThrowingWriter(stream);

        writer.WriteLine("first");
        writer.WriteLine("second");

        stream.Attempts.Should().Be(1);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_replaced()
    {
        using var stream = new MemoryStream();
        using var writer = new NonThrowingWriter(stream);

        writer.Write("a\ud800b");

        stream.ToArray().Should().Equal("a\uFFFDb"u8.ToArray());
    }

    [Fact]
    public async Task A_paused_terminal_does_not_block_callers_that_must_not_wait()
    {
        using var stream = new HeldStream();
        using var writer = new NonThrowingWriter(stream);
        var pump = new OutputPump(writer);
        var running = pump.RunAsync();

        for (var i = 0; i < 10_000; i++)
            pump.TryAdd("text");

        stream.Release();
        pump.Complete();
        await running.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task What_was_added_is_written_in_order_before_the_pump_ends()
    {
        var screen = new StringWriter();
        var pump = new OutputPump(screen);
        var running = pump.RunAsync();

        for (var i = 0; i < 1_000; i++)
            await pump.AddAsync(Encoding.UTF8.GetBytes($"{i},"), CancellationToken.None);

        pump.Complete();
        await running;
        screen.ToString().Should().Be(string.Concat(Enumerable.Range(0, 1_000).Select(i => $"{i},")));
    }

    private sealed class FailingStream(string error) : MemoryStream
    {
        public int Attempts { get; private set; }

        public override void Write(byte[] buffer, int offset, int count)
        {
            Attempts++;
            throw new IOException(error);
        }
    }

    private sealed class HeldStream : MemoryStream
    {
        private readonly ManualResetEventSlim _released = new();

        public void Release() => _released.Set();

        public override void Write(byte[] buffer, int offset, int count) => _released.Wait();
    }
}
