using System.Buffers;

namespace Supervisor.Configuration.Shell;

/// <summary>
/// Commands in one text: <c>/bin/sh -c</c> runs them. Where the text is one simple command, the shell is told to <c>exec</c> it: the program gets the
/// shell's process, and with it signals and the end of it are the program's own. Pure.
/// </summary>
public static class ShellCommand
{
    /// <summary>The file name of the shell.</summary>
    public const string ProgramName = "sh";

    private const string Program = "/bin/" + ProgramName;
    private const string Option = "-c";
    private const string Exec = "exec";

    /// <summary>
    /// What a shell runs itself: its reserved words and the builtins of dash, bash, busybox, ksh and zsh. <c>exec</c> would find no program, or one that differs.
    /// </summary>
    private static readonly HashSet<string> ShellsOwn = new(StringComparer.Ordinal)
    {
        "!", "[", "[[", "]]", "{", "}", "case", "coproc", "do", "done", "elif", "else", "esac", "fi", "for", "function", "if", "in", "repeat", "select", "then",
        "time", "until", "while",
        ".", ":", "alias", "autoload", "bg", "bind", "break", "builtin", "caller", "cd", "chdir", "command", "compgen", "complete", "compopt", "continue", "declare",
        "dirs", "disown", "echo", "enable", "eval", Exec, "exit", "export", "false", "fc", "fg", "getopts", "hash", "help", "history", "jobs", "kill", "let", "local",
        "logout", "mapfile", "popd", "print", "printf", "pushd", "pwd", "read", "readarray", "readonly", "return", "set", "setvar", "shift", "shopt", "source", "suspend",
        "test", "times", "trap", "true", "type", "typeset", "ulimit", "umask", "unalias", "unset", "wait", "whence",
    };

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    /// <summary>The program and the arguments that run a command in one text.</summary>
    public static IReadOnlyList<string> Of(string text) => [Program, Option, WithExec(text)];

    /// <summary>
    /// Whether a shell runs the command and stays while its programs run, as far as the text tells: some shells replace themselves by the last command of a list.
    /// </summary>
    /// <param name="command">A program and its arguments.</param>
    public static bool HasShell(IReadOnlyList<string> command) => command is [Program, Option, var text] && !EndsWithExec(text);

    /// <summary>The text with <c>exec</c> in front of its program if it is one simple command; otherwise the text itself.</summary>
    internal static string WithExec(string text) =>
        ShellWords.Split(text) is { } parts && parts.All(part => part is ShellPart.Word or ShellPart.Redirection) && CommandWord(parts, text) is { Literal: { } program } word
            && IsProgram(program)
            ? text.Insert(word.Start, $"{Exec} ")
            : text;

    // The last command of a list; in a pipe even that is a child of the shell.
    private static bool EndsWithExec(string text)
    {
        if (ShellWords.Split(text) is not { } parts)
            return false;

        var last = parts.Skip(parts.ToList().FindLastIndex(part => part is ShellPart.Separator) + 1).ToArray();

        // Without a word after it, exec only redirects.
        return last.All(part => part is ShellPart.Word or ShellPart.Redirection) && CommandWord(last, text) is { Literal: Exec } word
            && last.SkipWhile(part => part != word).Skip(1).FirstOrDefault() is ShellPart.Word;
    }

    /// <summary>The first word that is no assignment. null: none, or a redirection stands before it.</summary>
    private static ShellPart.Word? CommandWord(IReadOnlyList<ShellPart> parts, string text) =>
        parts.SkipWhile(part => part is ShellPart.Word && IsAssignment(text.AsSpan(part.Start))).FirstOrDefault() as ShellPart.Word;

    private static bool IsAssignment(ReadOnlySpan<char> word)
    {
        var name = word.IndexOf('=');
        return name > 0 && !char.IsAsciiDigit(word[0]) && !word[..name].ContainsAnyExcept(NameCharacters);
    }

    // exec takes a word that begins with a dash for an option.
    private static bool IsProgram(string word) => word.Length > 0 && word[0] != '-' && !ShellsOwn.Contains(word);
}
