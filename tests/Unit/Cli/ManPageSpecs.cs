using Supervisor.Cli;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Help;

namespace Supervisor.Unit.Cli;

/// <summary>The manual page.</summary>
public sealed class ManPageSpecs
{
    [Fact]
    public void It_has_each_command_with_its_options_and_no_line_of_text_is_a_request()
    {
        var root = CommandLine.Build(new CommandContext(Boards.Screen(out _, out _), TimeProvider.System));
        var page = ManPage.Of(root);
        var lines = page.Split('\n');

        foreach (var command in root.Subcommands)
        {
            var section = lines.SkipWhile(line => !line.StartsWith($".SS {command.Name}", StringComparison.Ordinal)).Skip(1).TakeWhile(line => !line.StartsWith(".S", StringComparison.Ordinal)).ToArray();
            section.Should().NotBeEmpty("{0} is there", command.Name);

            foreach (var option in command.Options.Where(option => option is not System.CommandLine.Help.HelpOption))
                section.Should().Contain(line => line.Contains($@"\fB{option.Name.Replace("-", @"\-", StringComparison.Ordinal)}\fR", StringComparison.Ordinal), "{0} of {1} is there", option.Name, command.Name);
        }

        lines.Where(line => line.StartsWith('.')).Select(line => line.Split(' ')[0]).Distinct(StringComparer.Ordinal).Should().BeSubsetOf([".TH", ".SH", ".SS", ".TP", ".B", ".I", ".PP", ".RS", ".RE", ".br"]);
        lines.Should().NotContain(line => line.StartsWith('\''));
    }
}
