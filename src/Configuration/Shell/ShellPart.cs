namespace Supervisor.Configuration.Shell;

/// <summary>A part of a command line for the shell.</summary>
/// <param name="Start">Its index in the text.</param>
internal abstract record ShellPart(int Start)
{
    /// <param name="Literal">Without its quotes; null: the shell makes something else of it.</param>
    internal sealed record Word(int Start, string? Literal) : ShellPart(Start);

    /// <summary><c>&lt;</c>, <c>&gt;&gt;</c>, <c>2&gt;&amp;</c>; its target is the next word.</summary>
    internal sealed record Redirection(int Start) : ShellPart(Start);

    internal sealed record Pipe(int Start) : ShellPart(Start);

    /// <summary><c>;</c>, <c>&amp;</c>, <c>&amp;&amp;</c>, <c>||</c> or a line break.</summary>
    internal sealed record Separator(int Start) : ShellPart(Start);
}
