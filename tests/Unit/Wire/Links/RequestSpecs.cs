using System.Text.Json;
using Supervisor.Wire.Frames;

namespace Supervisor.Unit.Wire.Links;

public class RequestSpecs
{
    private const string Echo = """{"jsonrpc":"2.0","id":2,"method":"test/echo","params":["x"]}""";

    [Theory]
    [InlineData("""{"left":1,"right":2,"unit":"s","more":[3]}""", "6", "s")]
    [InlineData("""{"right":2,"left":1}""", "3", "m")]
    [InlineData("""[1,2]""", "3", "m")]
    [InlineData("""[1,2,"s"]""", "3", "s")]
    [InlineData("""[1,2,"s",[3,4]]""", "10", "s")]
    [InlineData("""[1,2,"s",null]""", "3", "s")]
    public async Task Parameters_may_be_named_or_positional_and_optional_ones_left_out(string parameters, string value, string unit)
    {
        await using var fixture = new LinkFixture();

        var answer = await fixture.AskAsync($$"""{"jsonrpc":"2.0","id":1,"method":"test/add","params":{{parameters}}}""");

        answer.Should().Be($$$"""{"jsonrpc":"2.0","id":1,"result":{"value":{{{value}}},"unit":"{{{unit}}}"}}""");
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"params\":{}")]
    [InlineData(",\"params\":[]")]
    public async Task A_method_without_parameters_takes_none_in_any_form(string parameters)
    {
        await using var fixture = new LinkFixture();
        fixture.Answers.Hang = _ => Task.CompletedTask;

        (await fixture.AskAsync($$"""{"jsonrpc":"2.0","id":1,"method":"test/hang"{{parameters}}}""")).Should().Be("""{"jsonrpc":"2.0","id":1,"result":null}""");
    }

    [Theory]
    [InlineData("7")]
    [InlineData("-9223372036854775808")]
    [InlineData("\"seven\"")]
    [InlineData("\"\"")]
    public async Task The_answer_carries_the_id_of_the_request(string id)
    {
        await using var fixture = new LinkFixture();

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
    [InlineData("[]", "null", -32600, "batches are not supported; send each message in a frame of its own")]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"method":"test/echo","params":["x"]}]""", "null", -32600, "batches are not supported; send each message in a frame of its own")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"test/fail","params":["contract"]}""", "1", -32001, "no such thing")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"test/fail","params":["it broke"]}""", "1", -32603, "FormatException: it broke")]
    public async Task A_request_that_cannot_be_answered_gets_an_error_and_the_link_continues(string request, string id, int code, string message)
    {
        await using var fixture = new LinkFixture();

        (await fixture.AskAsync(request)).Should().Be(Error(id, code, message));
        (await fixture.AskAsync(Echo)).Should().Contain("\"id\":2");
    }

    [Theory]
    [InlineData("test/none", "", -32601, "test/none")]
    [InlineData("$/none", "", -32601, "$/none")]
    [InlineData("test/echo", ",\"params\":{\"value\":5}", -32602, "\"value\"")]
    [InlineData("test/add", ",\"params\":[1,true]", -32602, "\"right\"")]
    [InlineData("test/echo", "", -32602, "not supplied")]
    [InlineData("test/echo", ",\"params\":{\"value\":\"x\",\"unknown\":1}", -32602, "test/echo")]
    public async Task A_parameter_that_does_not_fit_the_contract_is_named(string method, string parameters, int code, string named)
    {
        await using var fixture = new LinkFixture();

        using var answer = JsonDocument.Parse((await fixture.AskAsync($$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}"{{parameters}}}"""))!);
        var error = answer.RootElement.GetProperty("error");

        error.GetProperty("code").GetInt32().Should().Be(code);
        error.GetProperty("message").GetString().Should().Contain(named);
        (await fixture.AskAsync(Echo)).Should().Contain("\"id\":2");
    }

    [Fact]
    public async Task An_unexpected_exception_is_reported_to_the_owner()
    {
        await using var fixture = new LinkFixture();

        await fixture.AskAsync("""{"jsonrpc":"2.0","id":1,"method":"test/fail","params":["contract"]}""");
        await fixture.AskAsync("""{"jsonrpc":"2.0","id":2,"method":"test/fail","params":["it broke"]}""");

        fixture.Failures.Should().Equal("test/fail: it broke");
    }

    [Theory]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,")]
    [InlineData("")]
    [InlineData("{} {}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":NaN}")]
    [InlineData("\"\\ud800\\u0041\"x")]
    [InlineData("""{"jsonrpc":"2.0","id":"\ud800","method":"test/echo"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"\udc00"}""")]
    [InlineData("""{"jsonrpc":"2.0","\ud800":1}""")]
    public async Task Invalid_JSON_is_a_parse_error_and_the_link_continues(string body)
    {
        await using var fixture = new LinkFixture();

        (await fixture.AskAsync(body)).Should().StartWith("""{"jsonrpc":"2.0","id":null,"error":{"code":-32700,""");
        (await fixture.AskAsync(Echo)).Should().Contain("\"id\":2");
    }

    [Theory]
    [InlineData("""["\ud800"]""")]
    [InlineData("""{"\ud800":1}""")]
    public async Task Half_a_surrogate_pair_in_the_parameters_is_an_error_and_the_link_continues(string parameters)
    {
        await using var fixture = new LinkFixture();

        (await fixture.AskAsync($$"""{"jsonrpc":"2.0","id":1,"method":"test/echo","params":{{parameters}}}""")).Should().Contain("\"error\"");
        (await fixture.AskAsync(Echo)).Should().Contain("\"id\":2");
    }

    [Fact]
    public async Task Invalid_UTF8_is_a_parse_error()
    {
        await using var fixture = new LinkFixture();

        await fixture.Other.SendBytesAsync(RawPeer.Frame([.. "{\"jsonrpc\":\""u8, 0xC3, 0x28, .. "\"}"u8]));

        (await fixture.Other.ReceiveAsync().WithTimeout()).Should().Contain("-32700").And.Contain("UTF-8");
    }

    [Fact]
    public async Task A_result_that_cannot_be_written_is_an_error_and_the_link_continues()
    {
        await using var fixture = new LinkFixture();
        fixture.Answers.Echo = (value, _) => Task.FromResult(new Text(value + new string('x', FrameLimits.BodyBytes)));

        (await fixture.AskAsync(Echo)).Should().Contain("-32603").And.Contain("the limit is 1048576");

        fixture.Answers.Echo = (value, _) => Task.FromResult(new Text(value));
        (await fixture.AskAsync(Echo)).Should().Contain("\"result\"");
    }

    [Fact]
    public async Task An_id_that_is_in_use_is_refused_without_harm_to_the_first_request()
    {
        await using var fixture = new LinkFixture();
        await fixture.Other.SendAsync("""{"jsonrpc":"2.0","id":1,"method":"test/hang"}""");

        (await fixture.AskAsync("""{"jsonrpc":"2.0","id":1,"method":"test/hang"}""")).Should().Contain("-32600");
        (await fixture.AskAsync("""{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1}}""")).Should().Contain("-32800");
    }

    private static string Error(string id, int code, string message) =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"error":{"code":{{{code}}},"message":{{{Quoted(message)}}}}}""";

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
