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

    /// <summary>The number of characters to insert, delete or replace, or of neighbours to swap.</summary>
    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 8)
            return int.MaxValue;

        int[] before = [];
        int[] above = [.. Enumerable.Range(0, b.Length + 1)];

        for (var i = 1; i <= a.Length; i++)
        {
            var row = new int[b.Length + 1];
            row[0] = i;

            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(above[j], row[j - 1]) + 1);

                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
            }

            (before, above) = (above, row);
        }

        return above[b.Length];
    }
}
