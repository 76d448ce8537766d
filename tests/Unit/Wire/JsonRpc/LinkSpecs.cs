using Supervisor.Wire;

namespace Supervisor.Unit.Wire.JsonRpc;

public class LinkSpecs
{
    [Fact]
    public async Task Both_ends_may_ask()
    {
        using var sockets = SocketPair.Create();
        await using var one = new RpcPeer(sockets.Here, PeerFixture.Methods([]), TimeProvider.System);
        await using var other = new RpcPeer(sockets.There, PeerFixture.Methods([]), TimeProvider.System);
        Task<string>[] running = [one.RunAsync(CancellationToken.None), other.RunAsync(CancellationToken.None)];

        (await one.CallAsync(TestContract.Echo, new Text("a"), CancellationToken.None).Soon()).Value.Should().Be("a");
        (await other.CallAsync(TestContract.Echo, new Text("b"), CancellationToken.None).Soon()).Value.Should().Be("b");
        var error = await FluentActions.Awaiting(() => one.CallAsync(TestContract.Fail, new Text("contract"), CancellationToken.None).Soon())
            .Should().ThrowAsync<RpcException>().WithMessage("no such thing");
        error.Which.Code.Should().Be(-32001);

        one.Close("enough");
        (await Task.WhenAll(running).Soon())[0].Should().Be("enough");
    }

    [Fact]
    public async Task Many_calls_at_once_get_their_own_answers()
    {
        using var sockets = SocketPair.Create();
        await using var one = new RpcPeer(sockets.Here, RpcMethods.None, TimeProvider.System);
        await using var other = new RpcPeer(sockets.There, PeerFixture.Methods([]), TimeProvider.System);
        Task[] running = [one.RunAsync(CancellationToken.None), other.RunAsync(CancellationToken.None)];
        var texts = Enumerable.Range(0, 2_000).Select(number => new Text(new string('x', number))).ToList();

        var answers = await Task.WhenAll(texts.Select(text => one.CallAsync(TestContract.Echo, text, CancellationToken.None))).Soon();

        answers.Should().Equal(texts);
        await one.DisposeAsync();
        await Task.WhenAll(running).Soon();
    }

    [Fact]
    public async Task Notifications_are_handled_one_after_the_other_before_a_later_request_starts()
    {
        var seen = new List<string>();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var methods = new RpcMethods()
            .On(TestContract.Note, async (text, _, _) =>
            {
                if (text.Value == "1")
                    await gate.Task;

                seen.Add(text.Value);
            })
            .On(TestContract.Echo, (text, _, _) =>
            {
                seen.Add(text.Value);
                return Task.FromResult(text);
            });
        await using var fixture = new PeerFixture(methods: methods);

        await fixture.Other.SendAsync(Note("1"));
        await fixture.Other.SendAsync(Note("2"));
        var answer = fixture.AskAsync("""{"jsonrpc":"2.0","id":1,"method":"test/echo","params":["3"]}""");
        answer.IsCompleted.Should().BeFalse();
        gate.SetResult();
        await answer;

        seen.Should().Equal("1", "2", "3");
    }

    [Fact]
    public async Task A_notification_is_never_answered_however_wrong_it_is()
    {
        await using var fixture = new PeerFixture();

        await fixture.Other.SendAsync("""{"jsonrpc":"2.0","method":"test/none"}""");
        await fixture.Other.SendAsync("""{"jsonrpc":"2.0","method":"$/progress","params":[1]}""");
        await fixture.Other.SendAsync("""{"jsonrpc":"2.0","method":"test/note","params":{"value":5}}""");
        await fixture.Other.SendAsync("""{"jsonrpc":"2.0","method":"$/cancelRequest","params":[true]}""");
        var answer = await fixture.AskAsync("""{"jsonrpc":"2.0","id":1,"method":"test/echo","params":["x"]}""");

        answer.Should().Contain("\"id\":1");
        fixture.Failures.Should().Equal("test/note: parameter \"value\" cannot be 5");
    }

    [Fact]
    public async Task An_answer_to_nothing_and_a_wrong_answer_are_dropped()
    {
        await using var fixture = new PeerFixture();

        await fixture.Other.SendAsync("""{"jsonrpc":"2.0","id":99,"result":1}""");
        await fixture.Other.SendAsync("""{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"what?"}}""");
        await fixture.Other.SendAsync("""{"jsonrpc":"2.0","id":99,"error":5}""");

        (await fixture.AskAsync("""{"jsonrpc":"2.0","id":1,"method":"test/echo","params":["x"]}""")).Should().Contain("\"id\":1");
    }

    [Theory]
    [InlineData("\"error\":5", "*not an object*")]
    [InlineData("\"error\":{}", "*without a message*")]
    [InlineData("\"result\":null", "*answered with null*")]
    [InlineData("\"result\":{\"value\":5}", "*cannot be read*")]
    public async Task A_call_that_is_answered_wrongly_fails_instead_of_hanging(string answer, string message)
    {
        await using var fixture = new PeerFixture();
        var call = fixture.Peer.CallAsync(TestContract.Echo, new Text("x"), CancellationToken.None);
        (await fixture.Other.ReceiveAsync().Soon()).Should().Be("""{"jsonrpc":"2.0","id":1,"method":"test/echo","params":{"value":"x"}}""");

        await fixture.Other.SendAsync($$"""{"jsonrpc":"2.0","id":1,{{answer}}}""");

        (await FluentActions.Awaiting(() => call.Soon()).Should().ThrowAsync<RpcException>().WithMessage(message)).Which.Code.Should().Be(-32603);
    }

    [Theory]
    [InlineData("\"error\":null,\"result\":{\"value\":\"y\"}")]
    [InlineData("\"result\":{\"value\":\"y\"}")]
    public async Task An_unused_error_member_may_be_null(string answer)
    {
        await using var fixture = new PeerFixture();
        var call = fixture.Peer.CallAsync(TestContract.Echo, new Text("x"), CancellationToken.None);

        await fixture.Other.SendAsync($$"""{"jsonrpc":"2.0","id":1,{{answer}}}""");

        (await call.Soon()).Value.Should().Be("y");
    }

    [Fact]
    public async Task A_handler_may_call_back_over_its_own_link()
    {
        var methods = new RpcMethods()
            .On(TestContract.Note, async (text, peer, cancellationToken) => await peer.CallAsync(TestContract.Echo, text, cancellationToken))
            .On(TestContract.Echo, (text, _, _) => Task.FromResult(text));
        await using var fixture = new PeerFixture(methods: methods);

        (await fixture.AskAsync(Note("x"))).Should().Be("""{"jsonrpc":"2.0","id":1,"method":"test/echo","params":{"value":"x"}}""");
        await fixture.Other.SendAsync("""{"jsonrpc":"2.0","id":1,"result":{"value":"x"}}""");
        (await fixture.AskAsync("""{"jsonrpc":"2.0","id":5,"method":"test/echo","params":["z"]}""")).Should().Contain("\"id\":5");
    }

    [Fact]
    public async Task The_end_of_the_link_fails_the_calls_and_cancels_the_handlers()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var methods = new RpcMethods().On(TestContract.Hang, async (empty, _, cancellationToken) =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancelled.SetResult();
            return empty;
        });
        await using var fixture = new PeerFixture(methods: methods);
        await fixture.Other.SendAsync("""{"jsonrpc":"2.0","id":1,"method":"test/hang"}""");
        var call = fixture.Peer.CallAsync(TestContract.Echo, new Text("x"), CancellationToken.None);

        await fixture.OtherStream.DisposeAsync();

        await FluentActions.Awaiting(() => call.Soon()).Should().ThrowAsync<LinkEndedException>();
        await cancelled.Task.Soon();
        await fixture.Running.Soon();
        fixture.Peer.Ended.IsCompletedSuccessfully.Should().BeTrue();
        await FluentActions.Awaiting(() => fixture.Peer.CallAsync(TestContract.Echo, new Text("y"), CancellationToken.None)).Should().ThrowAsync<LinkEndedException>();
        await FluentActions.Awaiting(() => fixture.Peer.NotifyAsync(TestContract.Note, new Text("y"), CancellationToken.None)).Should().ThrowAsync<LinkEndedException>();
    }

    [Fact]
    public async Task What_was_asked_before_the_caller_left_is_still_begun()
    {
        var seen = new List<string>();
        var pieces = new[] { Note("1"), """{"jsonrpc":"2.0","id":1,"method":"test/echo","params":["2"]}""" }.Select(body => (ReadOnlyMemory<byte>)RawPeer.Frame(body));
        var methods = PeerFixture.Methods(seen);
        await using var peer = new RpcPeer(new ScriptedStream(pieces), methods, TimeProvider.System);

        (await peer.RunAsync(CancellationToken.None).Soon()).Should().Be("the other end closed it");

        seen.Should().Equal("1");
    }

    [Fact]
    public async Task Stopping_says_so()
    {
        await using var fixture = new PeerFixture();

        fixture.Stop();

        (await fixture.Running.Soon()).Should().Be("this end stopped");
    }

    private static string Note(string value) => $$$"""{"jsonrpc":"2.0","method":"test/note","params":["{{{value}}}"]}""";
}
