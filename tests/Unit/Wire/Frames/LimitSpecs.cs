using System.Text;
using Supervisor.Unit.Wire.Links;
using Supervisor.Wire.Frames;

namespace Supervisor.Unit.Wire.Frames;

public class LimitSpecs
{
    [Theory]
    [InlineData("Content-Length: 4294967296\r\n\r\n", -32600)]
    [InlineData("Content-Length: -1\r\n\r\n", -32700)]
    [InlineData("hello\r\n\r\n", -32700)]
    public async Task Broken_framing_is_answered_and_ends_the_link(string bytes, int code)
    {
        await using var fixture = new LinkFixture();

        await fixture.Other.SendBytesAsync(Encoding.ASCII.GetBytes(bytes));

        (await fixture.Other.ReceiveAsync().WithTimeout()).Should().StartWith($$$"""{"jsonrpc":"2.0","id":null,"error":{"code":{{{code}}},"message":"the """);
        (await fixture.Other.ReceiveAsync().WithTimeout()).Should().BeNull();
        (await fixture.Running.WithTimeout()).Should().StartWith("the other end broke the protocol: the ");
    }

    [Fact]
    public async Task A_header_without_an_end_is_answered_and_ends_the_link()
    {
        await using var fixture = new LinkFixture();

        await fixture.Other.SendBytesAsync(new byte[FrameLimits.HeaderBytes]);

        (await fixture.Other.ReceiveAsync().WithTimeout()).Should().Contain("-32600").And.Contain("longer than 4096 bytes");
        (await fixture.Other.ReceiveAsync().WithTimeout()).Should().BeNull();
    }

    [Fact]
    public async Task A_header_that_arrives_too_slowly_ends_the_link()
    {
        var time = new VirtualTime();
        await using var fixture = new LinkFixture(time);
        await fixture.Other.SendBytesAsync("Content-Le"u8.ToArray());
        await time.ArmedAsync().WithTimeout();

        for (var second = 0; second < FrameLimits.HeaderTime.TotalSeconds; second++)
        {
            await fixture.Other.SendBytesAsync("n"u8.ToArray());
            time.Advance(TimeSpan.FromSeconds(1));
        }

        (await fixture.Other.ReceiveAsync().WithTimeout()).Should().Contain("did not end within 5 s");
        (await fixture.Running.WithTimeout()).Should().Contain("did not end within 5 s");
    }

    [Fact]
    public async Task A_missing_body_is_answered_and_ends_the_link()
    {
        var time = new VirtualTime();
        await using var fixture = new LinkFixture(time);
        await fixture.Other.SendBytesAsync("Content-Length: 100\r\n\r\n{"u8.ToArray());
        await time.ArmedAsync().WithTimeout();

        time.Advance(FrameLimits.BodyTime);

        (await fixture.Other.ReceiveAsync().WithTimeout()).Should().Contain("did not come within 30 s");
        (await fixture.Other.ReceiveAsync().WithTimeout()).Should().BeNull();
    }

    [Theory]
    [InlineData(FrameLimits.Depth - 1, false)]
    [InlineData(FrameLimits.Depth, true)]
    [InlineData(10_000, true)]
    public async Task Deep_nesting_is_answered_and_ends_the_link(int inParams, bool beyond)
    {
        await using var fixture = new LinkFixture();
        var parameters = new string('[', inParams) + new string(']', inParams);

        var answer = await fixture.AskAsync($$"""{"jsonrpc":"2.0","id":1,"method":"test/echo","params":{{parameters}}}""");

        answer.Should().Contain(beyond ? "nested deeper than 64" : "-32602");

        if (beyond)
            (await fixture.Other.ReceiveAsync().WithTimeout()).Should().BeNull();
        else
            (await fixture.AskAsync("""{"jsonrpc":"2.0","id":2,"method":"test/echo","params":["x"]}""")).Should().Contain("\"id\":2");
    }

    [Fact]
    public async Task An_array_of_a_million_brackets_costs_little()
    {
        await using var fixture = new LinkFixture();

        (await fixture.AskAsync(new string('[', FrameLimits.BodyBytes))).Should().Contain("nested deeper");
    }

    [Fact]
    public async Task No_more_than_64_handlers_of_a_link_run_at_once_and_the_rest_wait()
    {
        var (running, most) = (0, 0);
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var sockets = SocketPair.Create();
        await using var fixture = new LinkFixture(sockets: sockets);
        fixture.Answers.Echo = async (value, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));

            if (most == FrameLimits.ConcurrentRequests)
                all.TrySetResult();

            await gate.Task;
            Interlocked.Decrement(ref running);
            return new Text(value);
        };
        const int Requests = FrameLimits.ConcurrentRequests + 40;

        for (var id = 0; id < Requests; id++)
            await fixture.Other.SendAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"test/echo","params":["x"]}""");

        await all.Task.WithTimeout();
        gate.SetResult();

        for (var answered = 0; answered < Requests; answered++)
            (await fixture.Other.ReceiveAsync().WithTimeout()).Should().Contain("\"result\"");

        most.Should().Be(FrameLimits.ConcurrentRequests);
    }

    [Fact]
    public async Task A_peer_that_does_not_read_for_2_seconds_ends_the_link_and_every_send_fails()
    {
        var time = new VirtualTime();
        using var sockets = SocketPair.Create();
        await using var fixture = new LinkFixture(time, sockets);
        var big = new string('x', FrameLimits.BodyBytes - 1_000);

        // More than the kernel buffers: the first write blocks, the others wait for it.
        var standing = fixture.Link.NotifyAsync("test/note", big, CancellationToken.None);
        var waiting = fixture.Link.NotifyAsync("test/note", big, CancellationToken.None);
        var call = fixture.EchoAsync("x");
        await time.ArmedAsync().WithTimeout();

        time.Advance(FrameLimits.WriteTime - TimeSpan.FromMilliseconds(1));
        standing.IsCompleted.Should().BeFalse();
        time.Advance(TimeSpan.FromMilliseconds(1));

        foreach (var sender in new[] { standing, waiting, call })
            await FluentActions.Awaiting(() => sender.WithTimeout()).Should().ThrowAsync<LinkEndedException>();

        (await fixture.Running.WithTimeout()).Should().Be("the other end did not read within 2 s");
    }
}
