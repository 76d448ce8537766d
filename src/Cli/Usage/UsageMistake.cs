using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Supervisor.Configuration.Values;

namespace Supervisor.Cli.Usage;

/// <summary>What is wrong with a command line, in one wording and with the nearest known word. Pure.</summary>
internal static class UsageMistake
{
    private const string Terminator = "--";

    /// <returns>null: nothing, or the user asks for help.</returns>
    public static string? In(IReadOnlyList<string> arguments, ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;

        if (parsed.Action is not ParseErrorAction && parsed.Action != command.Action)
            return null;

        if (UnknownOption(arguments, parsed.Tokens) is { } option)
            return OptionsOf(command).Contains(option, StringComparer.Ordinal) ? $"A value is missing before \"{option}\" of \"{NameOf(command)}\"." : $"Unknown option \"{option}\" of \"{NameOf(command)}\"{Suggestion.For(option, OptionsOf(command), otherwise: ".")}";

        if (parsed.Errors.Count == 0)
            return null;

        return parsed.UnmatchedTokens is [var unknown, ..] ? Unknown(unknown, command) : ErrorsOf(parsed);
    }

    public static string NameOf(Command command) => command is RootCommand ? "supervisor" : $"supervisor {command.Name}";

    /// <summary>
    /// The library takes an unknown option for a value wherever a value may stand. As a value it is a token of its own; in <c>--grep=-x</c> only a part of
    /// what was typed is.
    /// </summary>
    private static string? UnknownOption(IReadOnlyList<string> arguments, IReadOnlyList<Token> tokens)
    {
        var before = tokens.TakeWhile(token => token.Type != TokenType.DoubleDash).ToList();

        return arguments
            .TakeWhile(argument => argument != Terminator)
            .FirstOrDefault(argument => argument.StartsWith('-')
                && before.Exists(token => token.Type == TokenType.Argument && token.Value == argument)
                && !before.Exists(token => token.Type == TokenType.Option && token.Value == argument))
            ?.Split('=', ':')[0];
    }

    // The distance between two options of one letter says nothing.
    private static IEnumerable<string> OptionsOf(Command command) =>
        command.Options.Concat(command.Parents.OfType<Command>().SelectMany(parent => parent.Options.Where(option => option.Recursive)))
            .SelectMany(option => option.Aliases.Append(option.Name))
            .Where(name => name.StartsWith("--", StringComparison.Ordinal));

    private static string Unknown(string word, Command command) => command is RootCommand
        ? $"Unknown command \"{word}\"{Suggestion.For(word, command.Subcommands.SelectMany(it => it.Aliases.Append(it.Name)), otherwise: ".")}"
        : $"Unknown argument \"{word}\" of \"{NameOf(command)}\".";

    private static string ErrorsOf(ParseResult parsed) =>
        string.Join('\n', parsed.Errors.Select(error => error.Message).Distinct(StringComparer.Ordinal));
}
