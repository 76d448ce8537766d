using FsCheck;
using FsCheck.Fluent;
using Supervisor.Filtering;

namespace Supervisor.Unit.Filtering;

/// <summary>Random globs against random paths, judged by a matcher that is too slow and too simple to be wrong.</summary>
public sealed class GlobFuzz
{
    // Few letters, so that accidents happen.
    private static readonly Gen<string> Letter = Gen.Elements("a", "b", "-", "é", "\uDCFF", "\U0001F600");

    private static readonly Gen<string> Token = Gen.Frequency(
        (4, Letter),
        (3, Gen.Constant("*")),
        (2, Gen.Constant("?")),
        (1, Gen.Elements("[ab]", "[!a]", "[a-z]", "[^-]")),
        (1, from left in Letter from right in Gen.Elements("", "*", "b") select $"{{{left},{right}}}"));

    private static readonly Gen<string> Segment = Gen.Frequency(
        (2, Gen.Constant("**")),
        (5, Token.NonEmptyListOf().Select(tokens => string.Concat(tokens.Take(4)))));

    private static readonly Gen<string> Pattern =
        from leading in Gen.Elements("", "/")
        from segments in Segment.NonEmptyListOf()
        select leading + string.Join('/', segments.Take(4));

    private static readonly Gen<string> Path =
        from segments in Letter.NonEmptyListOf().Select(letters => string.Concat(letters.Take(3))).NonEmptyListOf()
        select string.Join('/', segments.Take(5));

    [Fact]
    public void The_compiled_matcher_agrees_with_the_slow_one() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5_000),
        Prop.ForAll(
            Pattern.Zip(Path).ToArbitrary(),
            pair => Compile(pair.Item1).Matches(pair.Item2, isDirectory: false) == SlowGlob.Matches(pair.Item1, pair.Item2)));

    [Fact]
    public void A_directory_that_is_left_out_holds_nothing_that_matches() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5_000),
        Prop.ForAll(
            Pattern.Zip(Path).ToArbitrary(),
            pair =>
            {
                var glob = Compile(pair.Item1);
                var slash = pair.Item2.LastIndexOf('/');
                return slash < 0 || !glob.Matches(pair.Item2, isDirectory: false) || glob.MayMatchBeneath(pair.Item2.AsSpan(0, slash));
            }));

    // Braces may leave nothing over; what stands in for that matches nothing either.
    private static Glob Compile(string pattern)
    {
        try
        {
            return Glob.Compile(pattern);
        }
        catch (InvalidGlobException)
        {
            return Glob.Compile("nothing");
        }
    }

    [Fact]
    public void Whatever_is_typed_is_compiled_or_refused_and_never_hangs() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5_000),
        Prop.ForAll(
            Gen.Elements('a', '/', '*', '?', '[', ']', '{', '}', ',', '!', '-', '\\', '.').ListOf().Select(letters => string.Concat(letters)).ToArbitrary(),
            text =>
            {
                try
                {
                    Glob.Compile(text).Matches("a/aa/a.a", isDirectory: false);
                }
                catch (InvalidGlobException)
                {
                    // Refused: that is an answer.
                }
            }));

    /// <summary>Tries everything.</summary>
    private static class SlowGlob
    {
        public static bool Matches(string pattern, string path)
        {
            var open = pattern.IndexOf('{', StringComparison.Ordinal);

            if (open >= 0)
            {
                var close = pattern.IndexOf('}', StringComparison.Ordinal);
                return pattern[(open + 1)..close].Split(',').Any(choice => Matches(pattern[..open] + choice + pattern[(close + 1)..], path));
            }

            // The paths are files.
            if (pattern.EndsWith('/') || pattern.Length == 0)
                return false;

            var anchored = pattern.Contains('/', StringComparison.Ordinal) ? pattern : "**/" + pattern;
            return MatchesSegments([.. anchored.Split('/', StringSplitOptions.RemoveEmptyEntries)], [.. path.Split('/')]);
        }

        private static bool MatchesSegments(List<string> pattern, List<string> path)
        {
            if (pattern.Count == 0)
                return path.Count == 0;

            if (pattern[0] != "**")
                return path.Count > 0 && MatchesName(pattern[0], path[0]) && MatchesSegments(pattern[1..], path[1..]);

            return pattern.Count == 1
                ? path.Count > 0
                : Enumerable.Range(0, path.Count + 1).Any(taken => MatchesSegments(pattern[1..], path[taken..]));
        }

        private static bool MatchesName(string pattern, string name)
        {
            if (pattern.Length == 0)
                return name.Length == 0;

            if (pattern[0] == '*')
                return Suffixes(name).Any(rest => MatchesName(pattern[1..], rest));

            if (name.Length == 0)
                return false;

            var first = name[..LengthOfFirst(name)];
            var rest = name[first.Length..];

            if (pattern[0] == '?')
                return MatchesName(pattern[1..], rest);

            if (pattern[0] == '[')
            {
                var close = pattern.IndexOf(']', StringComparison.Ordinal);
                return IsIn(pattern[1..close], first) && MatchesName(pattern[(close + 1)..], rest);
            }

            return pattern[0] == name[0] && MatchesName(pattern[1..], name[1..]);
        }

        private static bool IsIn(string members, string letter) => members switch
        {
            "ab" => letter is "a" or "b",
            "!a" => letter != "a",
            "a-z" => letter.Length == 1 && letter[0] is >= 'a' and <= 'z',
            _ => letter != "-",
        };

        private static IEnumerable<string> Suffixes(string name)
        {
            for (var rest = name; ; rest = rest[LengthOfFirst(rest)..])
            {
                yield return rest;

                if (rest.Length == 0)
                    yield break;
            }
        }

        private static int LengthOfFirst(string text) => text.Length > 1 && char.IsSurrogatePair(text[0], text[1]) ? 2 : 1;
    }
}
