using System.Buffers;
using System.IO.Pipelines;
using Nerdbank.Streams;
using Supervisor.Wire.Channels;

namespace Supervisor.Unit.Wire.Channels;

/// <summary>RPC and byte channels over one stream, and the limits for the other end.</summary>
public sealed class MultiplexedPipeSpecs : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly (Stream Here, Stream There) _ends = FullDuplexStream.CreatePair();
    private readonly List<IAsyncDisposable> _pipes = [];
    private long _written;

    [Fact]
    public async Task The_RPC_channel_is_open_from_the_start_in_both_directions()
    {
        var (dialling, serving) = (Dial(), Serve());

        await dialling.Rpc.WriteAsync("question"u8.ToArray());
        (await ReadAsync(serving.Rpc, 8)).Should().Equal("question"u8.ToArray());
        await serving.Rpc.WriteAsync("answer"u8.ToArray());
        (await ReadAsync(dialling.Rpc, 6)).Should().Equal("answer"u8.ToArray());
    }

    [Fact]
    public async Task A_channel_that_is_not_read_stops_its_server_and_nothing_else()
    {
        var (dialling, serving) = (Dial(), Serve());
        var output = await dialling.OpenAsync("output", CancellationToken.None);
        await UntilStandstillAsync();

        var stalled = Interlocked.Read(ref _written);
        stalled.Should().BeLessThan(2 * MultiplexedPipe.OpenedWindow, "the bytes in flight are bounded");
        await dialling.Rpc.WriteAsync("still"u8.ToArray());
        (await ReadAsync(serving.Rpc, 5)).Should().Equal("still"u8.ToArray());

        var read = await output.Input.ReadAsync();
        output.Input.AdvanceTo(read.Buffer.End);
        await UntilAsync(() => Interlocked.Read(ref _written) > stalled);
    }

    [Fact]
    public async Task Completing_a_channel_ends_its_server_and_leaves_the_pipe()
    {
        var (dialling, serving) = (Dial(), Serve());
        var idle = await dialling.OpenAsync("idle", CancellationToken.None);
        await idle.Input.CompleteAsync();
        await idle.Output.CompleteAsync();
        await _idleEnded.Task.WaitAsync(Patience);

        await dialling.Rpc.WriteAsync("alive"u8.ToArray());
        (await ReadAsync(serving.Rpc, 5)).Should().Equal("alive"u8.ToArray());
    }

    [Fact]
    public async Task The_end_of_the_pipe_ends_its_channels_at_both_ends()
    {
        var (dialling, serving) = (Dial(), Serve());
        var idle = await dialling.OpenAsync("idle", CancellationToken.None);

        await dialling.Rpc.DisposeAsync();

        await _idleEnded.Task.WaitAsync(Patience);
        (await idle.Input.ReadAsync().AsTask().WaitAsync(Patience)).IsCompleted.Should().BeTrue();
        (await serving.Rpc.ReadAsync(new byte[1]).AsTask().WaitAsync(Patience)).Should().Be(0);
    }

    [Fact]
    public async Task The_last_messages_are_sent_before_the_serving_end_closes()
    {
        var (dialling, serving) = (Dial(), Serve());
        await serving.Rpc.WriteAsync("no"u8.ToArray());
        var closing = serving.DisposeAsync().AsTask();

        (await ReadAsync(dialling.Rpc, 2)).Should().Equal("no"u8.ToArray());
        (await dialling.Rpc.ReadAsync(new byte[1]).AsTask().WaitAsync(Patience)).Should().Be(0);
        await closing.WaitAsync(Patience);
    }

    [Fact]
    public async Task Opening_a_channel_that_is_not_served_closes_the_pipe()
    {
        var (dialling, _) = (Dial(), Serve());
        await dialling.Awaiting(it => it.OpenAsync("nonsense", CancellationToken.None).WaitAsync(Patience)).Should().ThrowAsync<LinkEndedException>();
        (await dialling.Rpc.ReadAsync(new byte[1]).AsTask().WaitAsync(Patience)).Should().Be(0);
    }

    [Fact]
    public async Task Opening_a_thousand_channels_closes_the_pipe()
    {
        var (dialling, serving) = (Dial(), Serve());
        var opened = Enumerable.Range(0, 1_000).Select(_ => dialling.OpenAsync("idle", CancellationToken.None)).ToArray();

        await Task.WhenAll(opened).ContinueWith(_ => { }, TaskScheduler.Default).WaitAsync(Patience);
        opened.Count(task => task.IsCompletedSuccessfully).Should().BeLessOrEqualTo(MultiplexedPipe.MaxChannels);
        (await serving.Rpc.ReadAsync(new byte[1]).AsTask().WaitAsync(Patience)).Should().Be(0);
    }

    [Theory]
    [InlineData(new byte[] { 0x94, 2, 0, 0, 0xc6, 0x7f, 0xff, 0xff, 0xff })]
    [InlineData(new byte[] { 0x94, 2, 0, 0, 0xc6, 0xff, 0xff, 0xff, 0xff })]
    [InlineData(new byte[] { 0x94, 2, 0, 0, 0xc5, 0xff, 0xff })]
    [InlineData(new byte[] { 0x43, 0x6f, 0x6e, 0x74, 0x65, 0x6e, 0x74 })]
    [InlineData(new byte[] { 0xdd, 0x7f, 0xff, 0xff, 0xff })]
    public async Task An_invalid_or_too_long_frame_closes_the_pipe(byte[] bytes)
    {
        var serving = Serve();
        await _ends.Here.WriteAsync(bytes);
        (await serving.Rpc.ReadAsync(new byte[1]).AsTask().WaitAsync(Patience)).Should().Be(0);
    }

    [Fact]
    public async Task A_pipe_whose_other_end_reads_nothing_can_be_closed()
    {
        using var sockets = SocketPair.Create();
        var serving = MultiplexedPipe.Serve(sockets.Here, Server, TimeProvider.System);
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));

        var writing = async () =>
        {
            while (true)
                await serving.Rpc.WriteAsync(new byte[16 * 1024], impatient.Token);
        };

        await writing.Should().ThrowAsync<OperationCanceledException>();
        await serving.DisposeAsync().AsTask().WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var pipe in _pipes)
            await pipe.DisposeAsync().AsTask().WaitAsync(Patience);
    }

    private readonly TaskCompletionSource _idleEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private MultiplexedPipe Dial()
    {
        var pipe = MultiplexedPipe.Dial(_ends.Here);
        _pipes.Add(pipe);
        return pipe;
    }

    private MultiplexedPipe Serve()
    {
        var pipe = MultiplexedPipe.Serve(_ends.There, Server, TimeProvider.System);
        _pipes.Add(pipe);
        return pipe;
    }

    private ChannelServer? Server(string name) => name switch
    {
        "output" => FloodAsync,
        "idle" => IdleAsync,
        _ => null,
    };

    private async Task FloodAsync(IDuplexPipe channel, CancellationToken ended)
    {
        while (true)
        {
            channel.Output.Write(new byte[16 * 1024]);
            await channel.Output.FlushAsync(ended);
            ended.ThrowIfCancellationRequested();
            Interlocked.Add(ref _written, 16 * 1024);
        }
    }

    private async Task IdleAsync(IDuplexPipe channel, CancellationToken ended)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _idleEnded.TrySetResult();
        ended.ThrowIfCancellationRequested();
    }

    private static async Task<byte[]> ReadAsync(Stream stream, int count)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes).AsTask().WaitAsync(Patience);
        return bytes;
    }

    private async Task UntilStandstillAsync()
    {
        long before;

        do
        {
            before = Interlocked.Read(ref _written);
            await Task.Delay(300);
        }
        while (before == 0 || before != Interlocked.Read(ref _written));
    }

    private static async Task UntilAsync(Func<bool> happened)
    {
        using var deadline = new CancellationTokenSource(Patience);

        while (!happened())
            await Task.Delay(20, deadline.Token);
    }
}
