namespace Supervisor.Unit.Documentation;

/// <summary>The README is short, and the build reads its test command from it.</summary>
public sealed class ReadmeSpecs
{
    private const int MostWords = 1_200;

    private static readonly Document Readme = Document.Open("README.md");

    [Fact]
    public void The_readme_has_fewer_than_1200_words() => Words(Readme).Should().BeLessThan(MostWords);

    [Fact]
    public void A_longer_readme_would_be_found() =>
        Words(Document.Of(string.Concat(Enumerable.Repeat("word \n", MostWords)))).Should().Be(MostWords);

    [Theory]
    [InlineData("run", "dotnet run --project src/Supervisor -- start")]
    [InlineData("tests", "dotnet test Supervisor.Tree.sln -m:1")]
    public void The_two_commands_stand_below_their_marks(string mark, string command) => CommandBelow(Readme, mark).Should().Be(command);

    [Fact]
    public void A_mark_without_a_command_is_found() =>
        CommandBelow(Document.Of("<!-- tests -->\n```sh\nmake\n```\n```sh\ndotnet test\n```\n"), "tests").Should().BeNull();

    private static int Words(Document document) =>
        document.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    /// <summary>As the build script reads it: the first line of the block that begins with dotnet.</summary>
    private static string? CommandBelow(Document document, string mark) => document.Text.Split('\n')
        .SkipWhile(line => line != $"<!-- {mark} -->").TakeWhile(line => line != "```")
        .FirstOrDefault(line => line.StartsWith("dotnet ", StringComparison.Ordinal));
}
