using System.Text;
using Supervisor.Wire;

namespace Supervisor.Unit.Wire.JsonRpc;

public class LimitSpecs
{
    [Theory]
    [InlineData("Content-Length: 4294967296\r\n\r\n", -32600)]
    [InlineData("Content-Length: -1\r\n\r\n", -32700)]
    [InlineData("hello\r\n\r\n", -32700)]
    public async Task Broken_framing_is_answered_and_ends_the_link(string bytes, int code)
    {
        await using var fixture = new PeerFixture();

        await fixture.Other.SendBytesAsync(Encoding.ASCII.GetBytes(bytes));

        (await fixture.Other.ReceiveAsync().Soon()).Should().StartWith($$$"""{"jsonrpc":"2.0","id":null,"error":{"code":{{{code}}},"message":"the """);
        (await fixture.Other.ReceiveAsync().Soon()).Should().BeNull();
        (await fixture.Running.Soon()).Should().StartWith("the other end broke the protocol: the ");
    }

    [Fact]
    public async Task A_header_without_an_end_is_answered_and_ends_the_link()
    {
        await using var fixture = new PeerFixture();

        await fixture.Other.SendBytesAsync(new byte[RpcLimits.HeaderBytes]);

        (await fixture.Other.ReceiveAsync().Soon()).Should().Contain("-32600").And.Contain("longer than 4096 bytes");
        (await fixture.Other.ReceiveAsync().Soon()).Should().BeNull();
    }

    [Fact]
    public async Task Whoever_sends_a_header_byte_by_byte_is_cut_off()
    {
        var time = new VirtualTime();
        await using var fixture = new PeerFixture(time);
        await fixture.Other.SendBytesAsync("Content-Le"u8.ToArray());
        await time.ArmedAsync().Soon();

        for (var second = 0; second < RpcLimits.HeaderTime.TotalSeconds; second++)
        {
            await fixture.Other.SendBytesAsync("n"u8.ToArray());
            time.Advance(TimeSpan.FromSeconds(1));
        }

        (await fixture.Other.ReceiveAsync().Soon()).Should().Contain("did not end within 5 s");
        (await fixture.Running.Soon()).Should().Contain("did not end within 5 s");
    }

    [Theory]
    [InlineData(RpcLimits.Depth - 1, false)]
    [InlineData(RpcLimits.Depth, true)]
    [InlineData(10_000, true)]
    public async Task Deep_nesting_is_answered_and_ends_the_link(int inParams, bool beyond)
    {
        await using var fixture = new PeerFixture();
        var parameters = new string('[', inParams) + new string(']', inParams);

        var answer = await fixture.AskAsync($$"""{"jsonrpc":"2.0","id":1,"method":"test/echo","params":{{parameters}}}""");

        answer.Should().Contain(beyond ? "nested deeper than 64" : "-32602");

        if (beyond)
            (await fixture.Other.ReceiveAsync().Soon()).Should().BeNull();
        else
            (await fixture.AskAsync("""{"jsonrpc":"2.0","id":2,"method":"test/echo","params":["x"]}""")).Should().Contain("\"id\":2");
    }

    [Fact]
    public async Task An_array_of_a_million_brackets_costs_little()
    {
        await using var fixture = new PeerFixture();

        (await fixture.AskAsync(new string('[', RpcLimits.BodyBytes))).Should().Contain("nested deeper");
    }

    [Fact]
    public async Task No_more_than_64_handlers_of_a_link_run_at_once_and_the_rest_wait()
    {
        var running = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var most = 0;
        var methods = new RpcMethods().On(TestContract.Echo, async (text, _, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));

            if (most == RpcLimits.ConcurrentRequests)
                all.TrySetResult();

            await gate.Task;
            Interlocked.Decrement(ref running);
            return text;
        });
        await using var fixture = new PeerFixture(methods: methods);
        const int Requests = RpcLimits.ConcurrentRequests + RpcLimits.Inbox + 20;

        for (var id = 0; id < Requests; id++)
            await fixture.Other.SendAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"test/echo","params":["x"]}""");

        await all.Task.Soon();
        gate.SetResult();

        for (var answered = 0; answered < Requests; answered++)
            (await fixture.Other.ReceiveAsync().Soon()).Should().Contain("\"result\"");

        most.Should().Be(RpcLimits.ConcurrentRequests);
    }

    [Fact]
    public async Task Whoever_does_not_read_for_2_seconds_is_cut_off_and_every_sender_learns_it()
    {
        var time = new VirtualTime();
        await using var fixture = new PeerFixture(time);
        var big = new Text(new string('x', RpcLimits.BodyBytes - 1_000));

        // More than the kernel buffers: the first write stands, the second waits for its turn.
        var standing = fixture.Peer.NotifyAsync(TestContract.Note, big, CancellationToken.None);
        var waiting = fixture.Peer.NotifyAsync(TestContract.Note, big, CancellationToken.None);
        var call = fixture.Peer.CallAsync(TestContract.Echo, new Text("x"), CancellationToken.None);
        await time.ArmedAsync().Soon();

        time.Advance(RpcLimits.WriteTime - TimeSpan.FromMilliseconds(1));
        standing.IsCompleted.Should().BeFalse();
        time.Advance(TimeSpan.FromMilliseconds(1));

        foreach (var sender in new[] { standing, waiting, call })
            await FluentActions.Awaiting(() => sender.Soon()).Should().ThrowAsync<LinkEndedException>().WithMessage("*did not read within 2 s*");

        (await fixture.Running.Soon()).Should().Be("the other end did not read within 2 s");
    }

    [Fact]
    public async Task A_caller_that_gives_up_while_it_waits_to_write_leaves_the_link_intact()
    {
        await using var fixture = new PeerFixture();
        using var cancellation = new CancellationTokenSource();
        var big = new Text(new string('x', RpcLimits.BodyBytes - 1_000));
        var standing = fixture.Peer.NotifyAsync(TestContract.Note, big, CancellationToken.None);
        var waiting = fixture.Peer.NotifyAsync(TestContract.Note, big, cancellation.Token);

        await cancellation.CancelAsync();

        await FluentActions.Awaiting(() => waiting.Soon()).Should().ThrowAsync<OperationCanceledException>();
        (await fixture.Other.ReceiveAsync().Soon()).Should().HaveLength(RpcLimits.BodyBytes - 1_000 + """{"jsonrpc":"2.0","method":"test/note","params":{"value":""}}""".Length);
        await standing.Soon();
        (await fixture.AskAsync("""{"jsonrpc":"2.0","id":1,"method":"test/echo","params":["x"]}""")).Should().Contain("\"id\":1");
    }

    [Fact]
    public async Task A_message_of_ours_beyond_the_limit_is_not_sent()
    {
        await using var fixture = new PeerFixture();
        var tooBig = new Text(new string('x', RpcLimits.BodyBytes));

        await FluentActions.Awaiting(() => fixture.Peer.NotifyAsync(TestContract.Note, tooBig, CancellationToken.None))
            .Should().ThrowAsync<RpcException>().WithMessage("*the limit is 1048576*");

        (await fixture.AskAsync("""{"jsonrpc":"2.0","id":1,"method":"test/echo","params":["x"]}""")).Should().Contain("\"id\":1");
    }
}
