using System.Text.Json;
using System.Text.RegularExpressions;
using Supervisor.Cli;
using Supervisor.Unit.Cli;
using Supervisor.Unit.Configuration;

namespace Supervisor.Unit.Documentation;

/// <summary>What a reader copies from the documents into a supervisor.json is a valid one.</summary>
public sealed partial class ConfigurationBlockSpecs
{
    [Fact]
    public async Task Check_accepts_every_configuration_of_the_documents()
    {
        var blocks = Document.All.SelectMany(document => document.Blocks).Where(block => block.Language == "jsonc").ToList();

        blocks.Should().HaveCountGreaterThan(7, "the README, the configuration document and the recipes have one each at least");
        (await MistakesAsync(blocks)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_configuration_with_a_wrong_key_is_found()
    {
        var document = Document.Of("""
            ```jsonc
            { "services": { "web": { "comand": "x" } } }
            ```
            """);

        (await MistakesAsync(document.Blocks)).Should().ContainSingle().Which.Should().Match("docs/example.md:1: *did you mean \"command\"?*");
    }

    [Fact]
    public void Every_plain_json_block_is_json_and_no_configuration() =>
        Document.All.SelectMany(document => document.Blocks).SelectMany(PlainJsonMistakes).Should().BeEmpty();

    [Fact]
    public void A_configuration_in_a_plain_json_block_and_a_block_that_is_no_json_are_found()
    {
        var document = Document.Of("""
            ```json
            { "services": { "web": {} } }
            ```
            ```json
            { "id":
            ```
            """);

        document.Blocks.SelectMany(PlainJsonMistakes).Should().HaveCount(2);
    }

    private static async Task<IReadOnlyList<string>> MistakesAsync(IEnumerable<CodeBlock> blocks)
    {
        List<string> mistakes = [];

        foreach (var block in blocks)
        {
            using var folder = new ConfigurationFolder();
            await File.WriteAllTextAsync(folder.File, block.Text);
            MakeWhatItNames(block, folder);
            var exitCode = await CommandLine.RunAsync(["check", "-f", folder.File], Boards.Screen(out _, out var errors), TimeProvider.System);

            if (exitCode != (int)ExitCode.Ok)
                mistakes.Add($"{block.Place}: {errors}");
        }

        return mistakes;
    }

    /// <summary>Working directories and environment files must exist.</summary>
    private static void MakeWhatItNames(CodeBlock block, ConfigurationFolder folder)
    {
        foreach (Match match in NamedFile().Matches(block.Text))
        {
            if (match.Groups[1].Value == "cwd")
                Directory.CreateDirectory(folder.At(match.Groups[2].Value));
            else
                File.WriteAllText(folder.At(match.Groups[2].Value), "DEBUG=1\n");
        }
    }

    private static IEnumerable<string> PlainJsonMistakes(CodeBlock block)
    {
        if (block.Language != "json")
            yield break;

        var mistake = "";

        try
        {
            using var json = JsonDocument.Parse(block.Text);

            if (json.RootElement.TryGetProperty("services", out var services) && services.ValueKind == JsonValueKind.Object)
                mistake = "write a configuration as jsonc, so that it is checked";
        }
        catch (JsonException e)
        {
            mistake = e.Message;
        }

        if (mistake.Length > 0)
            yield return $"{block.Place}: {mistake}";
    }

    [GeneratedRegex("""
        "(cwd|envFile)": "([^"]+)"
        """)]
    private static partial Regex NamedFile();
}
