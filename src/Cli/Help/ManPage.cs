using System.CommandLine;
using System.CommandLine.Help;
using System.Text;

namespace Supervisor.Cli.Help;

/// <summary>The manual page <c>supervisor(1)</c>, in the man macros of roff, from the commands themselves. Pure.</summary>
internal static class ManPage
{
    public static string Of(RootCommand root)
    {
        var page = new StringBuilder();
        page.Append(".TH SUPERVISOR 1\n.SH NAME\nsupervisor \\- run dev servers and restart the right one when a file is saved\n");
        page.Append(".SH SYNOPSIS\n.B supervisor\n.I COMMAND\n[\\fIOPTION\\fR...] [\\fIARGUMENT\\fR...]\n");
        page.Append(".SH DESCRIPTION\n").Append(Text(root.Description ?? "")).Append('\n');
        page.Append(".SH COMMANDS\n");

        foreach (var command in root.Subcommands)
            Add(page, command);

        page.Append(".SH EXIT STATUS\n");

        foreach (var line in HelpWithExamples.ExitCodes.Split('\n').Skip(1))
            page.Append(Text(line.Trim())).Append("\n.br\n");

        page.Append(".SH FILES\n.TP\n.I supervisor.json\nThe configuration, in the working directory or a folder above it.\n");
        return page.Append(".TP\n.I $XDG_STATE_HOME/supervisor\nLogs and ledgers; by default in ~/.local/state.\n").ToString();
    }

    private static void Add(StringBuilder page, Command command)
    {
        page.Append(".SS ").Append(Text(string.Join(", ", [command.Name, .. command.Aliases.Where(alias => alias != command.Name)])));
        page.Append(string.Concat(command.Arguments.Select(argument => $" [{Text(argument.HelpName ?? argument.Name)}]"))).Append('\n');
        page.Append(Text(command.Description ?? "")).Append('\n');

        foreach (var option in command.Options.Where(option => option is not HelpOption && !option.Hidden))
        {
            var names = string.Join(", ", option.Aliases.Append(option.Name).Distinct(StringComparer.Ordinal).OrderBy(name => name.Length).Select(name => $"\\fB{Text(name)}\\fR"));
            page.Append(".TP\n").Append(names).Append(option.HelpName is { } value ? $" \\fI{Text(value)}\\fR" : "").Append('\n').Append(Text(option.Description ?? "")).Append('\n');
        }

        foreach (var (line, meaning) in Examples.Of(command.Name))
            page.Append(".PP\n").Append(Text(meaning)).Append(":\n.RS\n").Append(Text(line)).Append("\n.RE\n");
    }

    /// <summary>A line that begins with a point or an apostrophe would be a request.</summary>
    private static string Text(string text)
    {
        var escaped = text.ReplaceLineEndings(" ").Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal).Replace("'", "\\(aq", StringComparison.Ordinal);
        return escaped.StartsWith('.') ? "\\&" + escaped : escaped;
    }
}
