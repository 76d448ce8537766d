using System.Text;
using Supervisor.Tree.Harness;

namespace Supervisor.Unit.Filtering.Gitignore;

/// <summary>The cases of <c>cases.txt</c>, decided by us, and by git where there is one.</summary>
public sealed class GitignoreCases
{
    private static readonly (string Rules, string Path, bool IsIgnored)[] Cases =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Filtering", "Gitignore", "cases.txt"))
            .Where(line => !line.StartsWith("# ", StringComparison.Ordinal))
            .Select(line => line.Split(" | "))
            .Select(columns => (Decoded(columns[0]), Decoded(columns[1]), columns[2] == "ignored")),
    ];

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Cases.Length)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Each_case_has_its_expected_verdict(int number) =>
        Check(number, (files, path, directories) => new FilterVerdicts(files).Judge([path], directories)[0]);

    [NeedsFact("git")]
    public void Each_case_has_the_same_verdict_from_git()
    {
        for (var number = 0; number < Cases.Length; number++)
        {
            Check(number, (files, path, directories) =>
            {
                using var checkout = new GitCheckout(directories, files);
                return checkout.Ask([path])[0];
            });
        }
    }

    private static void Check(int number, Func<Dictionary<string, string>, string, string[], string> judge)
    {
        var (rules, path, isIgnored) = Cases[number];
        var name = path.TrimEnd('/');
        string[] directories = path.EndsWith('/') ? [name] : [];
        var said = judge(new Dictionary<string, string>(StringComparer.Ordinal) { [".gitignore"] = rules }, name, directories);
        var line = said == "-" ? "!" : rules.Split('\n')[int.Parse(said.Split(':')[1], null) - 1];

        (!line.StartsWith('!')).Should().Be(isIgnored, "of {0} under {1}, git or we said {2}", path, rules, said);
    }

    // One character a byte from here on.
    private static string Decoded(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(
        text.Replace('¶', '\n').Replace('␍', '\r').Replace('·', ' ').Replace('⇥', '\t').Replace('‡', '\uFEFF')));
}
