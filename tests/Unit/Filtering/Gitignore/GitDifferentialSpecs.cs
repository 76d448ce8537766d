using System.Globalization;
using Supervisor.Tree.Harness;

namespace Supervisor.Unit.Filtering.Gitignore;

/// <summary>
/// Made-up ignore files and paths, judged by git and by us: the same line of the same file must decide. A seed of one's own:
/// <c>GITIGNORE_SEED</c>; more verdicts: <c>GITIGNORE_VERDICTS</c>.
/// </summary>
public sealed class GitDifferentialSpecs(Xunit.Abstractions.ITestOutputHelper output)
{
    private const int PathsInOne = 800;

    [NeedsFact("git")]
    public void Generated_rules_and_paths_have_the_same_deciding_line_as_in_git()
    {
        var seed = Asked("GITIGNORE_SEED") ?? Environment.TickCount & 0xFFFFFF;
        var wanted = Asked("GITIGNORE_VERDICTS") ?? 20_000;
        output.WriteLine($"seed {seed}");
        var (verdicts, decided) = (0, 0);

        for (; verdicts < wanted; seed++)
        {
            var made = new GeneratedRepository(seed);
            var paths = made.Paths(PathsInOne);
            using var checkout = new GitCheckout(made.Directories, made.Files);
            var theirs = checkout.Ask(paths);
            var ours = new FilterVerdicts(made.Files).Judge(paths, made.Directories);

            paths.Zip(theirs, ours).Where(one => one.Second != one.Third)
                .Select(one => $"{one.First}: git says {one.Second}, we say {one.Third}")
                .Should().BeEmpty("of seed {0}:\n{1}", seed, string.Join('\n', made.Files));

            verdicts += paths.Count;
            decided += theirs.Count(said => said != "-");
        }

        output.WriteLine($"{verdicts} verdicts, {decided} of them by a line");
        decided.Should().BeGreaterThan(verdicts / 10, "otherwise the rules speak of nothing");
    }

    private static int? Asked(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
