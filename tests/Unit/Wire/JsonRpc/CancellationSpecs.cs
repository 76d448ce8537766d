using Supervisor.Wire;

namespace Supervisor.Unit.Wire.JsonRpc;

public class CancellationSpecs
{
    [Theory]
    [InlineData("7", """{"id":7}""")]
    [InlineData("\"seven\"", """{"id":"seven"}""")]
    [InlineData("7", "[7]")]
    public async Task A_cancelled_request_is_answered_with_its_own_error(string id, string parameters)
    {
        await using var fixture = new PeerFixture();
        await fixture.Other.SendAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"test/hang"}""");

        var answer = await fixture.AskAsync($$"""{"jsonrpc":"2.0","method":"$/cancelRequest","params":{{parameters}}}""");

        answer.Should().Be($$$"""{"jsonrpc":"2.0","id":{{{id}}},"error":{"code":-32800,"message":"test/hang was cancelled"}}""");
    }

    [Fact]
    public async Task A_cancellation_that_comes_too_late_or_names_nothing_is_ignored()
    {
        await using var fixture = new PeerFixture();
        await fixture.AskAsync("""{"jsonrpc":"2.0","id":7,"method":"test/echo","params":["x"]}""");

        foreach (var parameters in new[] { "{\"id\":7}", "{\"id\":8}", "{\"id\":{}}", "{}", "[]", "null" })
            await fixture.Other.SendAsync($$"""{"jsonrpc":"2.0","method":"$/cancelRequest","params":{{parameters}}}""");

        (await fixture.AskAsync("""{"jsonrpc":"2.0","id":7,"method":"test/echo","params":["x"]}""")).Should().Contain("\"result\"");
    }

    [Fact]
    public async Task A_request_that_waits_for_its_turn_can_be_cancelled_before_it_begins()
    {
        await using var fixture = new PeerFixture();

        for (var id = 0; id <= RpcLimits.ConcurrentRequests; id++)
            await fixture.Other.SendAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"test/hang"}""");

        // The one beyond the limit does not run; its cancellation is heard all the same, and shows once a slot is free.
        await fixture.Other.SendAsync($$$"""{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":{{{RpcLimits.ConcurrentRequests}}}}}""");
        var first = await fixture.AskAsync("""{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":0}}""");
        var second = await fixture.Other.ReceiveAsync().Soon();

        first.Should().Contain("\"id\":0").And.Contain("-32800");
        second.Should().Contain($"\"id\":{RpcLimits.ConcurrentRequests}").And.Contain("-32800");
    }

    [Fact]
    public async Task A_caller_that_gives_up_says_so_and_does_not_wait()
    {
        await using var fixture = new PeerFixture();
        using var cancellation = new CancellationTokenSource();
        var call = fixture.Peer.CallAsync(TestContract.Hang, new Empty(), cancellation.Token);
        (await fixture.Other.ReceiveAsync().Soon()).Should().Contain("test/hang");

        await cancellation.CancelAsync();

        await FluentActions.Awaiting(() => call.Soon()).Should().ThrowAsync<OperationCanceledException>();
        (await fixture.Other.ReceiveAsync().Soon()).Should().Be("""{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1}}""");

        // The answer that comes anyway harms nobody.
        await fixture.Other.SendAsync("""{"jsonrpc":"2.0","id":1,"error":{"code":-32800,"message":"cancelled"}}""");
        (await fixture.AskAsync("""{"jsonrpc":"2.0","id":1,"method":"test/echo","params":["x"]}""")).Should().Contain("\"result\"");
    }

    [Fact]
    public async Task A_call_with_a_cancelled_token_sends_nothing()
    {
        await using var fixture = new PeerFixture();

        await FluentActions.Awaiting(() => fixture.Peer.CallAsync(TestContract.Hang, new Empty(), new CancellationToken(canceled: true)))
            .Should().ThrowAsync<OperationCanceledException>();

        (await fixture.AskAsync("""{"jsonrpc":"2.0","id":1,"method":"test/echo","params":["x"]}""")).Should().Contain("\"result\"");
    }
}
