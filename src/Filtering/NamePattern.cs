using System.Runtime.InteropServices;
using System.Text;

namespace Supervisor.Filtering;

/// <summary>
/// A pattern for one name: literals, <c>*</c>, <c>?</c>, classes. <c>?</c> and a class take one code point (a lone surrogate is one).
/// Immutable.
/// </summary>
internal sealed class NamePattern
{
    private readonly Token[] _tokens;

    private NamePattern(Token[] tokens) => _tokens = tokens;

    private enum TokenKind : byte
    {
        Literal,
        AnyOne,
        AnyRun,
        Class,
    }

    public static NamePattern Compile(string text)
    {
        var tokens = new List<Token>();
        var literal = new StringBuilder();

        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '*':
                    Flush();
                    if (tokens is not [.., { Kind: TokenKind.AnyRun }])
                        tokens.Add(new Token(TokenKind.AnyRun));
                    break;
                case '?':
                    Flush();
                    tokens.Add(new Token(TokenKind.AnyOne));
                    break;
                case '[' when CharacterClass.EndOf(text, i) is { } end:
                    Flush();
                    tokens.Add(new Token(TokenKind.Class, Class: CharacterClass.Compile(text.AsSpan(i + 1, end - i - 1))));
                    i = end;
                    break;
                case '\\' when i + 1 < text.Length:
                    literal.Append(text[++i]);
                    break;
                default:
                    literal.Append(text[i]);
                    break;
            }
        }

        Flush();
        return new NamePattern([.. tokens]);

        void Flush()
        {
            if (literal.Length > 0)
                tokens.Add(new Token(TokenKind.Literal, literal.ToString()));

            literal.Clear();
        }
    }

    public bool Matches(ReadOnlySpan<char> name)
    {
        var (token, at) = (0, 0);
        var (retryToken, retryAt) = (-1, 0);

        while (true)
        {
            if (token == _tokens.Length && at == name.Length)
                return true;

            if (token < _tokens.Length && _tokens[token].Kind == TokenKind.AnyRun)
            {
                if (token == _tokens.Length - 1)
                    return true;

                (retryToken, retryAt) = (++token, at);
            }
            else if (token < _tokens.Length && Take(_tokens[token], name[at..]) is var taken and > 0)
            {
                token++;
                at += taken;
            }
            else if (retryToken < 0 || retryAt == name.Length)
            {
                return false;
            }
            else
            {
                retryAt += CodePoint.LengthOfFirst(name[retryAt..]);
                (token, at) = (retryToken, retryAt);
            }
        }
    }

    /// <returns>How many characters of <paramref name="rest"/> the token takes; 0 where it does not fit.</returns>
    private static int Take(in Token token, ReadOnlySpan<char> rest) => token.Kind switch
    {
        _ when rest.IsEmpty => 0,
        TokenKind.Literal => rest.StartsWith(token.Text, StringComparison.Ordinal) ? token.Text!.Length : 0,
        TokenKind.AnyOne => CodePoint.LengthOfFirst(rest),
        _ => token.Class!.Contains(CodePoint.First(rest)) ? CodePoint.LengthOfFirst(rest) : 0,
    };

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Token(TokenKind Kind, string? Text = null, CharacterClass? Class = null);
}
