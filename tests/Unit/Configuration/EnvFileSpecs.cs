using Supervisor.Configuration.Variables;

namespace Supervisor.Unit.Configuration;

public sealed class EnvFileSpecs
{
    [Theory]
    [InlineData("A=1", "1")]
    [InlineData("  export  A = 1  ", "1")]
    [InlineData("A=", "")]
    [InlineData("A=x # why", "x")]
    [InlineData("A=x#y", "x#y")]
    [InlineData("A='x # y' # why", "x # y")]
    [InlineData("A=\"x\\n\\\"y\\\"\\$\"", "x\n\"y\"$")]
    [InlineData("A='x\\n'", "x\\n")]
    [InlineData("A=\"two\nlines\"", "two\nlines")]
    [InlineData("\uFEFF# first\r\n\r\nA=1\r\n", "1")]
    [InlineData("A=a=b=c", "a=b=c")]
    [InlineData("A=$HOME", "$HOME")]
    public void A_line_sets_a_variable(string text, string value) =>
        EnvFile.Parse(text, Refuse).Should().ContainSingle().Which.Should().Be(KeyValuePair.Create("A", value));

    [Fact]
    public void A_later_line_comes_later() =>
        EnvFile.Parse("A=1\nB=2\nA=3", Refuse).Select(pair => pair.Key + pair.Value).Should().Equal("A1", "B2", "A3");

    [Theory]
    [InlineData("A=1\nnonsense\nB=2", 2)]
    [InlineData("\n1A=x\nB=2", 2)]
    [InlineData("A=\"never\nclosed", 1)]
    [InlineData("\n\nA='x' y\nB=2", 3)]
    public void A_wrong_line_is_reported_with_its_number_and_the_rest_is_read(string text, int line)
    {
        var lines = new List<int>();

        EnvFile.Parse(text, (where, _) => lines.Add(where));

        lines.Should().Equal(line);
    }

    private static void Refuse(int line, string what) => throw new InvalidOperationException($"{line}: {what}");
}
