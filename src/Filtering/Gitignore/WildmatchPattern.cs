using System.Runtime.InteropServices;

namespace Supervisor.Filtering.Gitignore;

/// <summary>
/// One pattern as git's wildmatch decides it, on bytes: <c>?</c> and a class take one byte, <c>*</c> none or more within a name, <c>**</c>
/// between slashes any number of directories. Immutable; matching allocates nothing and takes at most the product of both lengths, where
/// git's recursion can take exponential time.
/// </summary>
internal sealed class WildmatchPattern
{
    private readonly Token[] _tokens;

    private WildmatchPattern(Token[] tokens) => _tokens = tokens;

    private enum TokenKind : byte
    {
        Literal,
        AnyOne,
        Class,

        /// <summary><c>*</c>: within one name.</summary>
        Run,

        /// <summary><c>**</c>: over slashes as well.</summary>
        DeepRun,

        /// <summary><c>**/</c>: nothing, or anything that ends with a slash.</summary>
        DirectoryRun,
    }

    /// <returns>Null for a malformed pattern: it matches nothing.</returns>
    /// <param name="pattern">
    /// What follows the literal beginning, which git cuts off before it looks: so the <c>**</c> of <c>a**/b</c> stands at the beginning.
    /// </param>
    public static WildmatchPattern? Compile(ReadOnlySpan<byte> pattern, bool isPath)
    {
        var tokens = new List<Token>();
        var literal = new List<byte>();

        for (var at = 0; at < pattern.Length; at++)
        {
            if (pattern[at] is not ((byte)'?' or (byte)'*' or (byte)'['))
            {
                if (pattern[at] == '\\' && ++at == pattern.Length)
                    return null;

                literal.Add(pattern[at]);
                continue;
            }

            Flush();

            if (pattern[at] == '?')
                tokens.Add(new Token(TokenKind.AnyOne));
            else if (pattern[at] == '*')
                tokens.Add(new Token(StarsAt(pattern, ref at, isPath)));
            else if (ByteClass.TryParse(pattern, ref at, out var parsed))
                tokens.Add(new Token(TokenKind.Class, Class: parsed));
            else
                return null;
        }

        Flush();
        return new WildmatchPattern([.. tokens]);

        void Flush()
        {
            if (literal.Count > 0)
                tokens.Add(new Token(TokenKind.Literal, [.. literal]));

            literal.Clear();
        }
    }

    // Only the last run of a name and the last deep run can have to take more: what an earlier one could take besides, the last one can take
    // instead, since no run within a name gets over a slash.
    public bool Matches(ReadOnlySpan<byte> text)
    {
        var (token, at) = (0, 0);
        var (run, runAt) = (-1, 0);
        var (deep, deepAt) = (-1, 0);

        while (true)
        {
            if (token == _tokens.Length && at == text.Length)
                return true;

            if (token < _tokens.Length && _tokens[token].Kind == TokenKind.Run)
            {
                if (token == _tokens.Length - 1 && !text[at..].Contains((byte)'/'))
                    return true;

                (run, runAt) = (++token, at);
            }
            else if (token < _tokens.Length && _tokens[token].Kind >= TokenKind.DeepRun)
            {
                run = -1;
                (deep, deepAt) = (++token, at);
            }
            else if (token < _tokens.Length && Take(_tokens[token], text[at..]) is var taken and > 0)
            {
                token++;
                at += taken;
            }
            else if (run >= 0 && runAt < text.Length && text[runAt] != '/')
            {
                (token, at) = (run, ++runAt);
            }
            else if (deep >= 0 && TryGoDeeper(_tokens[deep - 1].Kind, text, ref deepAt))
            {
                run = -1;
                (token, at) = (deep, deepAt);
            }
            else
            {
                return false;
            }
        }
    }

    private static bool TryGoDeeper(TokenKind kind, ReadOnlySpan<byte> text, ref int at)
    {
        var step = kind == TokenKind.DeepRun ? Math.Min(1, text.Length - at) : text[at..].IndexOf((byte)'/') + 1;
        at += step;
        return step > 0;
    }

    private static TokenKind StarsAt(ReadOnlySpan<byte> pattern, ref int at, bool isPath)
    {
        var first = at;

        while (at + 1 < pattern.Length && pattern[at + 1] == '*')
            at++;

        var rest = pattern[(at + 1)..];
        var isBetweenSlashes = (first == 0 || pattern[first - 1] == '/') && rest is [] or [(byte)'/', ..] or [(byte)'\\', (byte)'/', ..];

        if (!isPath || at == first || !isBetweenSlashes)
            return TokenKind.Run;

        if (rest is not [(byte)'/', ..])
            return TokenKind.DeepRun;

        at++;
        return TokenKind.DirectoryRun;
    }

    /// <returns>How many bytes of <paramref name="rest"/> the token takes; 0 where it does not fit.</returns>
    private static int Take(in Token token, ReadOnlySpan<byte> rest) => token.Kind switch
    {
        TokenKind.Literal => rest.StartsWith(token.Text) ? token.Text!.Length : 0,
        TokenKind.AnyOne => rest is [not (byte)'/', ..] ? 1 : 0,
        _ => !rest.IsEmpty && token.Class.Contains(rest[0]) ? 1 : 0,
    };

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Token(TokenKind Kind, byte[]? Text = null, ByteClass Class = default);
}
