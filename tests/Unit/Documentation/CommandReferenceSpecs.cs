using System.CommandLine;
using System.CommandLine.Help;
using Supervisor.Cli;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Rendering;
using Supervisor.Unit.Cli;

namespace Supervisor.Unit.Documentation;

/// <summary>docs/commands.md knows every verb with its options, every exit code and every state.</summary>
public sealed class CommandReferenceSpecs
{
    private static readonly Document Reference = Document.Open("docs/commands.md");

    [Fact]
    public void Every_verb_has_a_section_with_its_aliases_and_options()
    {
        var root = CommandLine.Build(new CommandContext(Boards.Screen(out _, out _), TimeProvider.System));

        root.Subcommands.Should().HaveCountGreaterThan(10);
        root.Subcommands.SelectMany(verb => Missing(verb, Reference)).Should().BeEmpty();
        Reference.Text.Should().Contain("`-f FILE`").And.Contain("`--file FILE`");
    }

    [Fact]
    public void A_verb_an_alias_and_an_option_that_are_missing_are_found()
    {
        var document = Document.Of("## dance\n`--fast`, `-f`\n## other\n`--slow`, also `tango`\n");
        var dance = new Command("dance") { new Option<bool>("--fast", "-f"), new Option<bool>("--slow") };
        dance.Aliases.Add("tango");

        Missing(dance, document).Should().BeEquivalentTo("dance: tango", "dance: --slow");
        Missing(new Command("sing"), document).Should().Equal("sing");
    }

    [Fact]
    public void Every_exit_code_has_a_row() =>
        Enum.GetValues<ExitCode>().Where(code => Reference.Row($"{(int)code}").Length == 0).Should().BeEmpty();

    [Fact]
    public void An_exit_code_without_a_row_is_found() => Document.Of("| 1 | failed |\n").Row("17").Should().BeEmpty();

    [Fact]
    public void Every_state_of_a_service_and_of_the_watcher_is_named() => States
        .Where(state => !Names(Reference.Section("States"), state)).Should().BeEmpty();

    [Fact]
    public void A_state_that_is_only_part_of_another_word_is_not_taken_for_named() => Names("`not-ready`, ready", "ready").Should().BeFalse();

    private static IEnumerable<string> States =>
        [.. Enum.GetValues<ServicePhase>().Select(Wording.Of), .. Enum.GetValues<WatcherPhase>().Select(Wording.Of)];

    private static bool Names(string text, string word) => text.Contains($"`{word}`", StringComparison.Ordinal);

    private static IEnumerable<string> Missing(Command verb, Document document)
    {
        var section = document.Section(verb.Name);

        if (section.Length == 0)
            return [verb.Name];

        var words = verb.Aliases.Concat(verb.Options.Where(option => option is not HelpOption && option.Name != "--file").SelectMany(option => option.Aliases.Append(option.Name)));
        return words
            .Where(word => !Names(section, word) && !section.Contains($"`{word} ", StringComparison.Ordinal))
            .Select(word => $"{verb.Name}: {word}");
    }
}
