using Nerdbank.Streams;
using StreamJsonRpc;
using Supervisor.Wire.Frames;

namespace Supervisor.Unit.Wire.Links;

public class LinkSpecs
{
    private const string Echo = """{"jsonrpc":"2.0","id":5,"method":"test/echo","params":["x"]}""";

    [Fact]
    public async Task Both_ends_may_send_requests_and_concurrent_calls_get_their_own_answers()
    {
        var (here, there) = FullDuplexStream.CreatePair();
        await using var one = LinkFixture.Open(here, new TestAnswers(), [], TimeProvider.System);
        await using var other = LinkFixture.Open(there, new TestAnswers(), [], TimeProvider.System);
        var (ofOther, ofOne) = (one.Rpc.Attach<ITestContract>(), other.Rpc.Attach<ITestContract>());
        Task<string>[] running = [one.RunAsync(CancellationToken.None), other.RunAsync(CancellationToken.None)];
        var texts = Enumerable.Range(0, 500).Select(number => new string('x', number)).ToList();

        var answers = await Task.WhenAll(texts.Select(text => one.CallAsync(token => ofOther.EchoAsync(text, token), CancellationToken.None))).WithTimeout();
        (await other.CallAsync(token => ofOne.EchoAsync("b", token), CancellationToken.None).WithTimeout()).Value.Should().Be("b");
        var failing = () => one.CallAsync(token => ofOther.FailAsync("contract", token), CancellationToken.None).WithTimeout();

        answers.Select(answer => answer.Value).Should().Equal(texts);
        (await failing.Should().ThrowAsync<RemoteRpcException>().WithMessage("no such thing")).Which.ErrorCode.Should().Be((StreamJsonRpc.Protocol.JsonRpcErrorCode)(-32001));
        one.Close("enough");
        (await Task.WhenAll(running).WithTimeout())[0].Should().Be("enough");
    }

    [Fact]
    public async Task Notifications_are_handled_in_the_order_of_arrival()
    {
        await using var fixture = new LinkFixture();

        for (var number = 0; number < 100; number++)
            await fixture.Other.SendAsync(Note($"{number}"));

        await fixture.AskAsync(Echo);

        fixture.Answers.Seen.Should().Equal(Enumerable.Range(0, 100).Select(number => $"{number}"));
    }

    [Fact]
    public async Task A_notification_is_never_answered_however_wrong_it_is()
    {
        await using var fixture = new LinkFixture();

        await fixture.Other.SendAsync("""{"jsonrpc":"2.0","method":"test/none"}""");
        await fixture.Other.SendAsync("""{"jsonrpc":"2.0","method":"$/progress","params":[1]}""");
        await fixture.Other.SendAsync("""{"jsonrpc":"2.0","method":"test/note","params":{"value":5}}""");

        (await fixture.AskAsync(Echo)).Should().Contain("\"id\":5");
    }

    [Fact]
    public async Task An_answer_without_a_request_is_dropped()
    {
        await using var fixture = new LinkFixture();

        await fixture.Other.SendAsync("""{"jsonrpc":"2.0","id":99,"result":1}""");

        (await fixture.AskAsync(Echo)).Should().Contain("\"id\":5");
    }

    [Fact]
    public async Task A_cancelled_call_sends_the_cancellation_and_returns_at_once()
    {
        await using var fixture = new LinkFixture();
        using var cancellation = new CancellationTokenSource();
        var call = fixture.EchoAsync("x", cancellation.Token);
        (await fixture.Other.ReceiveAsync().WithTimeout()).Should().Contain("test/echo");

        await cancellation.CancelAsync();

        await FluentActions.Awaiting(() => call.WithTimeout()).Should().ThrowAsync<OperationCanceledException>();
        (await fixture.Other.ReceiveAsync().WithTimeout()).Should().Contain("\"method\":\"$/cancelRequest\"");
        (await fixture.AskAsync(Echo)).Should().Contain("\"id\":5");
    }

    [Fact]
    public async Task A_call_that_times_out_names_the_request()
    {
        var time = new VirtualTime();
        await using var fixture = new LinkFixture(time);
        var call = fixture.Link.CallAsync("echo", token => fixture.Contract.EchoAsync("x", token), TimeSpan.FromSeconds(3), CancellationToken.None);
        (await fixture.Other.ReceiveAsync().WithTimeout()).Should().Contain("test/echo");

        time.Advance(TimeSpan.FromSeconds(3));

        await FluentActions.Awaiting(() => call.WithTimeout()).Should().ThrowAsync<TimeoutException>().WithMessage("echo was not answered within 3 s");
    }

    [Theory]
    [InlineData("7", """{"id":7}""")]
    [InlineData("\"seven\"", """{"id":"seven"}""")]
    [InlineData("7", "[7]")]
    public async Task A_cancelled_request_ends_its_handler_and_is_answered_with_its_own_error(string id, string parameters)
    {
        await using var fixture = new LinkFixture();
        await fixture.Other.SendAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"test/hang"}""");

        var answer = await fixture.AskAsync($$"""{"jsonrpc":"2.0","method":"$/cancelRequest","params":{{parameters}}}""");

        answer.Should().StartWith($$"""{"jsonrpc":"2.0","id":{{id}},"error":{"code":-32800,""");
    }

    [Fact]
    public async Task A_late_or_unknown_cancellation_is_ignored()
    {
        await using var fixture = new LinkFixture();
        await fixture.AskAsync(Echo);

        foreach (var parameters in new[] { "{\"id\":5}", "{\"id\":8}", "{\"id\":{}}", "{}", "[]" })
            await fixture.Other.SendAsync($$"""{"jsonrpc":"2.0","method":"$/cancelRequest","params":{{parameters}}}""");

        (await fixture.AskAsync(Echo)).Should().Contain("\"result\"");
    }

    [Fact]
    public async Task The_end_of_the_link_fails_the_calls_and_cancels_the_handlers()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var fixture = new LinkFixture();
        fixture.Answers.Hang = async cancellationToken =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancelled.SetResult();
        };
        await fixture.Other.SendAsync("""{"jsonrpc":"2.0","id":1,"method":"test/hang"}""");
        var call = fixture.EchoAsync("x");
        (await fixture.Other.ReceiveAsync().WithTimeout()).Should().Contain("test/echo");

        await fixture.OtherStream.DisposeAsync();

        await FluentActions.Awaiting(() => call.WithTimeout()).Should().ThrowAsync<LinkEndedException>();
        await cancelled.Task.WithTimeout();
        await fixture.Running.WithTimeout();
        fixture.Link.Ended.IsCompletedSuccessfully.Should().BeTrue();
        await FluentActions.Awaiting(() => fixture.EchoAsync("y")).Should().ThrowAsync<LinkEndedException>();
        await FluentActions.Awaiting(() => fixture.Link.NotifyAsync("test/note", "y", CancellationToken.None)).Should().ThrowAsync<LinkEndedException>();
    }

    [Fact]
    public async Task A_link_that_is_stopped_before_it_begins_ends_at_once()
    {
        var (here, _) = FullDuplexStream.CreatePair();
        await using var link = LinkFixture.Open(here, new TestAnswers(), [], TimeProvider.System);

        (await link.RunAsync(new CancellationToken(canceled: true)).WithTimeout()).Should().Be("this end stopped");
    }

    [Fact]
    public async Task A_link_that_is_closed_before_it_begins_ends_at_once()
    {
        var (here, _) = FullDuplexStream.CreatePair();
        await using var link = LinkFixture.Open(here, new TestAnswers(), [], TimeProvider.System);
        link.Close("enough");

        (await link.RunAsync(CancellationToken.None).WithTimeout()).Should().Be("enough");
    }

    [Fact]
    public async Task A_message_beyond_the_limit_is_not_sent_and_the_link_continues()
    {
        await using var fixture = new LinkFixture();

        await FluentActions.Awaiting(() => fixture.EchoAsync(new string('x', FrameLimits.BodyBytes)).WithTimeout()).Should().ThrowAsync<Exception>();

        (await fixture.AskAsync(Echo)).Should().Contain("\"id\":5");
    }

    private static string Note(string value) => $$"""{"jsonrpc":"2.0","method":"test/note","params":["{{value}}"]}""";
}
