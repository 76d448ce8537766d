using System.CommandLine;
using System.CommandLine.Parsing;
using Supervisor.Cli;
using Supervisor.Cli.Connection;
using Supervisor.Stress.Commands;
using Supervisor.Unit.Cli;

namespace Supervisor.Unit.Documentation;

/// <summary>What a reader copies from the documents into a terminal is understood there.</summary>
public sealed class ShellBlockSpecs
{
    [Fact]
    public void Every_command_of_the_documents_names_a_verb_and_options_that_exist()
    {
        var commands = Document.All.SelectMany(Commands).ToList();

        commands.Should().HaveCountGreaterThan(40);
        commands.Where(command => command.Words[0] == "supervisor").Should().HaveCountGreaterThan(25);
        commands.SelectMany(Mistakes).Should().BeEmpty();
    }

    [Theory]
    [InlineData("supervisor begin")]
    [InlineData("supervisor start --slowly")]
    [InlineData("supervisor hold --slowly")]
    [InlineData("supervisor wait web --for breakfast")]
    [InlineData("curl localhost:8000 && supervisor statu")]
    [InlineData("dotnet run --project src/Supervisor -- begin")]
    [InlineData("dotnet run --project stress -- --speeed 60")]
    [InlineData("dotnet run --project stress -- --scenario breakfast")]
    [InlineData("dotnet test tests/Breakfast")]
    [InlineData("MODEL_SEED=1 breakfast")]
    public void A_command_that_does_not_exist_is_found(string line) =>
        Commands(Document.Of($"```sh\n{line}\n```")).SelectMany(Mistakes).Should().ContainSingle();

    [Fact]
    public void A_block_in_a_language_that_no_test_reads_does_not_exist() =>
        Unread(Document.All).Should().BeEmpty();

    [Fact]
    public void A_block_in_a_language_that_no_test_reads_is_found() =>
        Unread([Document.Of("```bash\nsupervisor begin\n```")]).Should().Equal("docs/example.md:1: bash");

    private static IEnumerable<string> Unread(IEnumerable<Document> documents) => documents
        .SelectMany(document => document.Blocks)
        .Where(block => block.Language is not ("sh" or "json" or "jsonc" or "text"))
        .Select(block => $"{block.Place}: {block.Language}");

    private static IEnumerable<(string Place, string[] Words)> Commands(Document document) =>
        from block in document.Blocks
        where block.Language == "sh"
        from line in block.Text.Split('\n')
        from words in ShellLine.Commands(line)
        select (block.Place, words);

    private static IEnumerable<string> Mistakes((string Place, string[] Words) command)
    {
        if (Mistake(command.Words) is { } mistake)
            yield return $"{command.Place}: {string.Join(' ', command.Words)}: {mistake}";
    }

    private static string? Mistake(string[] words) => words switch
    {
        ["supervisor", .. var arguments] => Mistake(Product(), arguments),
        ["dotnet", "run", "--project", "src/Supervisor", "--", .. var arguments] => Mistake(Product(), arguments),
        ["dotnet", "run", "--project", "stress", "--", .. var arguments] => Mistake(Harness(), arguments),
        ["dotnet", "build" or "test" or "publish", var project, ..] => Path.Exists(Path.Combine(Repository.Root, project)) ? null : "no such project",
        ["curl", ..] => null,
        _ => "no test knows this command",
    };

    private static string? Mistake(RootCommand root, string[] arguments)
    {
        var parsed = root.Parse(arguments);

        // The record of an earlier run is not here.
        var errors = parsed.Errors.Select(error => error.Message).Where(message => !message.StartsWith("File does not exist", StringComparison.Ordinal));

        // An argument that takes any text takes an unknown option too.
        var unknown = parsed.Tokens
            .TakeWhile(token => token.Type != TokenType.DoubleDash)
            .Where(token => token.Type == TokenType.Argument && token.Value.StartsWith('-'))
            .Select(token => $"{token.Value} is no option");

        var mistakes = errors.Concat(unknown).ToArray();
        return mistakes.Length == 0 ? null : string.Join(' ', mistakes);
    }

    private static RootCommand Product() => CommandLine.Build(new CommandContext(Boards.Screen(out _, out _), TimeProvider.System));

    private static RootCommand Harness()
    {
        var root = RunCommand.Build(new RootCommand());
        root.Subcommands.Add(ReportCommand.Build());
        root.Subcommands.Add(CompareCommand.Build());
        root.Subcommands.Add(ProveCommand.Build());
        return root;
    }
}
