using System.Text.Json;
using Supervisor.Wire;

namespace Supervisor.Unit.Wire.JsonRpc;

public class BatchSpecs
{
    [Fact]
    public async Task A_batch_is_answered_by_one_array_with_an_answer_for_each_request_and_each_mistake()
    {
        await using var fixture = new PeerFixture();

        var answer = await fixture.AskAsync(
            """
            [{"jsonrpc":"2.0","id":1,"method":"test/echo","params":["a"]},
             {"jsonrpc":"2.0","method":"test/note","params":["b"]},
             5,
             {"jsonrpc":"2.0","id":2,"method":"test/none"},
             {"jsonrpc":"2.0","id":77,"result":"an answer to nothing"}]
            """);

        using var answers = JsonDocument.Parse(answer!);
        answers.RootElement.EnumerateArray().Select(each => (each.GetProperty("id").ToString(), each.TryGetProperty("error", out var error) ? error.GetProperty("code").GetInt32() : 0))
            .Should().BeEquivalentTo([("1", 0), ("", -32600), ("2", -32601)]);
        fixture.Seen.Should().Equal("b");
    }

    [Fact]
    public async Task A_batch_of_notifications_is_not_answered()
    {
        await using var fixture = new PeerFixture();

        await fixture.Other.SendAsync("""[{"jsonrpc":"2.0","method":"test/note","params":["a"]},{"jsonrpc":"2.0","method":"test/note","params":["b"]}]""");

        (await fixture.AskAsync("""{"jsonrpc":"2.0","id":1,"method":"test/echo","params":["x"]}""")).Should().StartWith("{");
        fixture.Seen.Should().Equal("a", "b");
    }

    [Fact]
    public async Task One_request_of_a_batch_can_be_cancelled()
    {
        await using var fixture = new PeerFixture();
        await fixture.Other.SendAsync("""[{"jsonrpc":"2.0","id":1,"method":"test/hang"},{"jsonrpc":"2.0","id":2,"method":"test/echo","params":["x"]}]""");

        var answer = await fixture.AskAsync("""{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1}}""");

        answer.Should().Contain("-32800").And.Contain("\"result\":{\"value\":\"x\"}");
    }

    [Fact]
    public async Task The_biggest_batch_is_answered_and_a_bigger_one_ends_the_link()
    {
        await using var fixture = new PeerFixture();

        using (var answers = JsonDocument.Parse((await fixture.AskAsync(Batch(RpcLimits.Batch)))!))
            answers.RootElement.GetArrayLength().Should().Be(RpcLimits.Batch);

        (await fixture.AskAsync(Batch(RpcLimits.Batch + 1))).Should().Contain("-32600").And.Contain("more than 32 messages");
        (await fixture.Other.ReceiveAsync().Soon()).Should().BeNull();
        (await fixture.Running.Soon()).Should().Be("the other end broke the protocol: the batch has more than 32 messages");
    }

    [Fact]
    public async Task Answers_too_long_together_become_errors_each()
    {
        var half = $$"""{"jsonrpc":"2.0","id":1,"method":"test/echo","params":["{{new string('x', RpcLimits.BodyBytes / 2 - 100)}}"]}""";
        await using var answering = new PeerFixture(methods: new RpcMethods().On(TestContract.Echo, (text, _, _) => Task.FromResult(new Text(text.Value + text.Value))));

        var answer = await answering.AskAsync($"[{half},{half.Replace("\"id\":1", "\"id\":2", StringComparison.Ordinal)}]");

        using var answers = JsonDocument.Parse(answer!);
        answers.RootElement.EnumerateArray().Should().OnlyContain(each => each.GetProperty("error").GetProperty("code").GetInt32() == -32603);
    }

    private static string Batch(int count) =>
        $"[{string.Join(',', Enumerable.Range(1, count).Select(id => $$"""{"jsonrpc":"2.0","id":{{id}},"method":"test/echo","params":["x"]}"""))}]";
}
