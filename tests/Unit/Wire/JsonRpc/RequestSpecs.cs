using Supervisor.Wire;

namespace Supervisor.Unit.Wire.JsonRpc;

public class RequestSpecs
{
    [Theory]
    [InlineData("""{"left":1,"right":2}""", """{"value":3,"unit":"m"}""")]
    [InlineData("""{"right":2,"left":1,"unit":"s","new":{"in":"a later version"}}""", """{"value":3,"unit":"s"}""")]
    [InlineData("""[1,2]""", """{"value":3,"unit":"m"}""")]
    [InlineData("""[1,2,"s",[3,4]]""", """{"value":10,"unit":"s"}""")]
    [InlineData("""[1,2,"s",null]""", """{"value":3,"unit":"s"}""")]
    public async Task Parameters_may_be_named_or_positional(string parameters, string result)
    {
        await using var fixture = new PeerFixture();

        var answer = await fixture.AskAsync($$$"""{"jsonrpc":"2.0","id":7,"method":"test/add","params":{{{parameters}}}}""");

        answer.Should().Be($$$"""{"jsonrpc":"2.0","id":7,"result":{{{result}}}}""");
    }

    [Theory]
    [InlineData("""{"left":1}""", "parameter \"right\" is missing")]
    [InlineData("{}", "parameter \"left\", \"right\" is missing")]
    [InlineData("[1]", "parameter \"right\" is missing")]
    [InlineData("[1,2,\"m\",[],5]", "5 parameters given; there are 4 (left, right, unit, more)")]
    [InlineData("""{"left":"one","right":2}""", "parameter \"left\" cannot be \"one\"")]
    [InlineData("""[1,"two"]""", "parameter \"right\" cannot be \"two\"")]
    [InlineData("""{"left":1,"right":2,"unit":null}""", "parameter \"unit\" cannot be null")]
    [InlineData("""{"left":1,"right":1e99}""", "parameter \"right\" cannot be 1e99")]
    [InlineData("""{"left":1,"right":2,"more":[1,{"a":2}]}""", "parameter \"more\" is wrong at more[1]: [1,{\"a\":2}]")]
    [InlineData("""{"left":1,"left":3,"right":2}""", "parameter \"left\" is given twice")]
    public async Task Wrong_parameters_are_named(string parameters, string message)
    {
        await using var fixture = new PeerFixture();

        var answer = await fixture.AskAsync($$$"""{"jsonrpc":"2.0","id":"a","method":"test/add","params":{{{parameters}}}}""");

        answer.Should().Be(Error("\"a\"", -32602, message));
        fixture.Failures.Should().BeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"params\":null")]
    [InlineData(",\"params\":[]")]
    [InlineData(",\"params\":{}")]
    public async Task No_parameters_are_an_empty_object(string parameters)
    {
        var answered = new RpcMethods().On(TestContract.Hang, (empty, _, _) => Task.FromResult(empty));
        await using var fixture = new PeerFixture(methods: answered);

        (await fixture.AskAsync($$"""{"jsonrpc":"2.0","id":1,"method":"test/hang"{{parameters}}}""")).Should().Be("""{"jsonrpc":"2.0","id":1,"result":{}}""");
    }

    [Theory]
    [InlineData("7")]
    [InlineData("-9223372036854775808")]
    [InlineData("\"seven\"")]
    [InlineData("\"\"")]
    [InlineData("null")]
    public async Task The_answer_carries_the_id_of_the_request(string id)
    {
        await using var fixture = new PeerFixture();

        var answer = await fixture.AskAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"test/echo","params":["x"]}""");

        answer.Should().Be($$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"value":"x"}}""");
    }

    [Theory]
    [InlineData("""{"id":1,"method":"test/echo"}""", "1", -32600, "\"jsonrpc\" is not \"2.0\"")]
    [InlineData("""{"jsonrpc":"1.0","id":1,"method":"test/echo"}""", "1", -32600, "\"jsonrpc\" is not \"2.0\"")]
    [InlineData("""{"jsonrpc":2.0,"id":1,"method":"test/echo"}""", "1", -32600, "\"jsonrpc\" is not \"2.0\"")]
    [InlineData("""{"jsonrpc":"2.0","id":1}""", "1", -32600, "\"method\" is missing")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":5}""", "1", -32600, "\"method\" is not a string")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"test/echo","params":"x"}""", "1", -32600, "\"params\" is not an object or an array")]
    [InlineData("""{"jsonrpc":"2.0","id":1.5,"method":"test/echo"}""", "null", -32600, "\"id\" is not a string, an integer or null")]
    [InlineData("""{"jsonrpc":"2.0","id":{},"method":"test/echo"}""", "null", -32600, "\"id\" is not a string, an integer or null")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"test/echo","method":"test/add"}""", "1", -32600, "\"method\" is given twice")]
    [InlineData("5", "null", -32600, "a message is an object")]
    [InlineData("[]", "null", -32600, "the batch is empty")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"test/none"}""", "1", -32601, "there is no method \"test/none\"")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"$/none"}""", "1", -32601, "there is no method \"$/none\"")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"test/fail","params":["contract"]}""", "1", -32001, "no such thing")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"test/fail","params":["it broke"]}""", "1", -32603, "FormatException: it broke")]
    public async Task A_request_that_cannot_be_answered_gets_an_error_and_the_link_lives(string request, string id, int code, string message)
    {
        await using var fixture = new PeerFixture();

        (await fixture.AskAsync(request)).Should().Be(Error(id, code, message));
        (await fixture.AskAsync("""{"jsonrpc":"2.0","id":2,"method":"test/echo","params":["x"]}""")).Should().Contain("\"id\":2");
    }

    [Theory]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,")]
    [InlineData("")]
    [InlineData("{} {}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":NaN}")]
    [InlineData("\"\\ud800\\u0041\"x")]
    public async Task What_is_not_JSON_is_a_parse_error_and_the_link_lives(string body)
    {
        await using var fixture = new PeerFixture();

        (await fixture.AskAsync(body)).Should().StartWith("""{"jsonrpc":"2.0","id":null,"error":{"code":-32700,""");
        (await fixture.AskAsync("""{"jsonrpc":"2.0","id":2,"method":"test/echo","params":["x"]}""")).Should().Contain("\"id\":2");
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":"\ud800","method":"test/echo"}""", -32700)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"\udc00"}""", -32700)]
    [InlineData("""{"jsonrpc":"2.0","\ud800":1}""", -32700)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"test/echo","params":["\ud800"]}""", -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"test/echo","params":{"\ud800":1}}""", -32602)]
    public async Task Half_a_surrogate_pair_is_an_error(string request, int code)
    {
        await using var fixture = new PeerFixture();

        (await fixture.AskAsync(request)).Should().Contain($"\"code\":{code}");
    }

    [Fact]
    public async Task Invalid_UTF8_is_a_parse_error()
    {
        await using var fixture = new PeerFixture();

        await fixture.Other.SendBytesAsync(RawPeer.Frame([.. "{\"jsonrpc\":\""u8, 0xC3, 0x28, .. "\"}"u8]));

        (await fixture.Other.ReceiveAsync()).Should().Contain("-32700").And.Contain("UTF-8");
    }

    [Fact]
    public async Task A_result_that_cannot_be_written_is_an_error_of_the_handler()
    {
        var methods = new RpcMethods().On(TestContract.Add, (_, _, _) => Task.FromResult(new Sum(double.NaN, "m")));
        await using var fixture = new PeerFixture(methods: methods);

        var answer = await fixture.AskAsync("""{"jsonrpc":"2.0","id":1,"method":"test/add","params":[1,2]}""");

        answer.Should().Contain("-32603").And.Contain("the result cannot be sent");
    }

    [Fact]
    public async Task An_id_that_is_in_use_is_refused_without_harm_to_the_first_request()
    {
        await using var fixture = new PeerFixture();
        await fixture.Other.SendAsync("""{"jsonrpc":"2.0","id":1,"method":"test/hang"}""");

        (await fixture.AskAsync("""{"jsonrpc":"2.0","id":1,"method":"test/hang"}""")).Should().Contain("-32600");
        (await fixture.AskAsync("""{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1}}""")).Should().Contain("-32800");
    }

    [Fact]
    public void A_name_can_be_answered_once() =>
        FluentActions.Invoking(() => PeerFixture.Methods([]).On(TestContract.Echo, (text, _, _) => Task.FromResult(text))).Should().Throw<ArgumentException>();

    private static string Error(string id, int code, string message) =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"error":{"code":{{{code}}},"message":{{{Quoted(message)}}}}}""";

    private static string Quoted(string text) => $"\"{System.Text.Json.JsonEncodedText.Encode(text)}\"";
}
