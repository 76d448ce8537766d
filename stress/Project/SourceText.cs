using System.Globalization;
using System.Text;

namespace Supervisor.Stress.Project;

/// <summary>Generates valid sources. The same random numbers and revision make the same text. Pure.</summary>
internal static class SourceText
{
    /// <param name="path">The path of the source, which the text names.</param>
    /// <param name="revision">The writer; it makes the text unique.</param>
    public static string Write(string path, string revision, Random random)
    {
        var text = new StringBuilder(Comment(Path.GetExtension(path), $"{path}, written by {revision}")).Append('\n');
        for (var part = random.Next(3, 13); part > 0; part--)
            text.Append('\n').Append(Part(Path.GetExtension(path), part, random.Next(1, 1_000_000))).Append('\n');
        return text.ToString();
    }

    /// <summary>A C file that takes a compiler a moment.</summary>
    public static string WriteC(string revision, Random random)
    {
        var text = new StringBuilder($"/* written by {revision} */\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n");
        for (var part = random.Next(20, 60); part > 0; part--)
        {
            text.Append(CultureInfo.InvariantCulture, $$"""

                long part_{{part}}(const char *text)
                {
                    long sum = {{random.Next(1, 1_000_000)}};
                    for (size_t i = 0; i < strlen(text); i++)
                        sum = sum * 31 + text[i] % {{random.Next(2, 100)}};
                    return sum;
                }

                """);
        }

        return text.ToString();
    }

    private static string Comment(string extension, string text) => extension switch
    {
        ".py" => $"\"\"\"{text}.\"\"\"",
        ".mjs" => $"// {text}",
        ".html" => $"<!-- {text} -->",
        ".ini" => $"; {text}",
        _ => $"{text}.",
    };

    private static string Part(string extension, int part, int number) => extension switch
    {
        ".py" => $"\ndef total_{part}(rows):\n    \"\"\"The weighted total.\"\"\"\n    return sum(row * {number} for row in rows) + {part}\n",
        ".mjs" => $"export function total{part}(rows) {{\n  return rows.reduce((sum, row) => sum + row * {number}, {part});\n}}",
        ".html" => $"<section id=\"part-{part}\">\n  <h2>Part {part}</h2>\n  <p>There are {number} of them in stock.</p>\n</section>",
        ".ini" => $"[part-{part}]\nlimit = {number}\nenabled = yes",
        _ => $"Part {part}. There were {number} of these.",
    };
}
