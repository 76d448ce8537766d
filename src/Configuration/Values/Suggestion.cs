namespace Supervisor.Configuration.Values;

/// <summary>"did you mean": the known word that is most similar to a mistyped one.</summary>
public static class Suggestion
{
    /// <returns>Text to append to a statement; <paramref name="otherwise"/> if no known word is similar.</returns>
    public static string For(string word, IEnumerable<string> known, string otherwise = "")
    {
        var (nearest, distance) = known
            .Select(candidate => (candidate, Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .DefaultIfEmpty(("", int.MaxValue))
            .MinBy(pair => pair.Item2);

        return distance <= Math.Max(1, nearest.Length / 3) ? $"; did you mean \"{nearest}\"?" : otherwise;
    }

    /// <summary>Levenshtein distance: the number of characters to insert, delete or replace.</summary>
    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 8)
            return int.MaxValue;

        var row = Enumerable.Range(0, b.Length + 1).ToArray();

        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;

            for (var j = 1; j <= b.Length; j++)
            {
                var exchanged = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(exchanged, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
