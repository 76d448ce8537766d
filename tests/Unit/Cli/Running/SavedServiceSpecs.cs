using System.Text.Json.Nodes;
using Supervisor.Cli;
using Supervisor.Cli.Running;

namespace Supervisor.Unit.Cli.Running;

/// <summary>A service that is added to the text of a configuration.</summary>
public sealed class SavedServiceSpecs
{
    private const string Entry = "\n    \"new\": {\n      \"command\": [\"run\"]\n    }";

    [Theory]
    [InlineData("{ \"services\": {} }", "{ \"services\": {@\n  } }")]
    [InlineData("{ \"services\": { // none yet\n } }", "{ \"services\": {@\n   // none yet\n } }")]
    [InlineData("// a\n{ \"env\": { \"services\": { \"x\": 1 } }, /* b */ \"services\": { \"web\": { \"command\": [\"x\"], }, }, }", "// a\n{ \"env\": { \"services\": { \"x\": 1 } }, /* b */ \"services\": {@, \"web\": { \"command\": [\"x\"], }, }, }")]
    [InlineData("\uFEFF{ \"services\": { \"web\": { \"env\": { \"new\": \"x\" } } } }", "\uFEFF{ \"services\": {@, \"web\": { \"env\": { \"new\": \"x\" } } } }")]
    public void It_becomes_the_first_one_and_everything_else_stays_as_it_is(string before, string after) =>
        With(before).Should().Be(after.Replace("@", Entry, StringComparison.Ordinal));

    [Theory]
    [InlineData("{ \"services\": { \"new\": {} } }", "has a service new already")]
    [InlineData("{ \"groups\": {} }", "has no \"services\"")]
    [InlineData("{ \"services\": [] }", "has no \"services\"")]
    [InlineData("{ \"services\": {\n", "a.json:2 is not JSON")]
    [InlineData("services:", "a.json:1 is not JSON")]
    public void What_cannot_take_it_is_left_alone_and_says_why(string text, string message) =>
        FluentActions.Invoking(() => With(text)).Should().Throw<CommandFailure>().Which.Message.Should().Contain(message);

    private static string With(string text) => SavedService.With(text, "new", new JsonObject { ["command"] = new JsonArray("run") }, "a.json");
}
