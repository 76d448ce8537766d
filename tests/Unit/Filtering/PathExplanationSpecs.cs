using System.Text;
using Supervisor.Filtering;
using Supervisor.Filtering.Gitignore;
using Supervisor.Unit.Filtering.Gitignore;

namespace Supervisor.Unit.Filtering;

/// <summary>What is explained is what the watcher does.</summary>
public sealed class PathExplanationSpecs
{
    private static readonly string[] Globs = ["*.py", "a*", "**/b/**", "a/", "b*/c", "/ab", "*", "?", "c"];
    private static readonly string[] Marks = ["", "", "", "Cargo.toml", "CACHEDIR.TAG", "package.json", ".git"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_explanation_of_a_generated_path_matches_the_filter(int seed)
    {
        var random = new Random(seed);

        for (var i = 0; i < 30; i++)
        {
            var made = new GeneratedRepository(random.Next());
            var paths = made.Paths(60).Select(path => "/r/" + FileName.Decode(Encoding.Latin1.GetBytes(path))).ToList();
            var filter = Filter(random, paths);
            Fill(filter.RulesByDirectory, random, made);

            foreach (var path in paths)
                PathExplanation.Of(filter, path, isDirectory: false, []).Where(verdict => verdict.IsWanted).Select(verdict => verdict.Service)
                    .Should().BeEquivalentTo(ServicesWanting(filter, path), "of {0}", FileName.Printable(path));
        }
    }

    private static WatchFilter Filter(Random random, List<string> paths)
    {
        var services = Enumerable.Range(0, 4).Select(i => new Subscription(
            $"s{i}",
            new WatchSpec(
                [random.Next(2) == 0 ? "/r" : paths[random.Next(paths.Count)], paths[random.Next(paths.Count)]],
                Some(random, Globs), Some(random, Globs), TimeSpan.Zero, new OnChange(ChangeAction.Restart, null))));

        var settings = new WatcherSpec(
            WatchBackend.Auto, new LimitsSpec(null, null, null, null), new BackoffSpec(TimeSpan.Zero, TimeSpan.Zero), CompareMode.Content,
            Settle: null, Some(random, Globs[..2]), Gitignore: true);

        return WatchFilter.Create(settings, [.. services], [paths[random.Next(paths.Count)]]);
    }

    private static void Fill(DirectoryRulesTable book, Random random, GeneratedRepository made)
    {
        foreach (var directory in made.Directories.Append(""))
        {
            var path = ("/r/" + FileName.Decode(Encoding.Latin1.GetBytes(directory))).TrimEnd('/');
            var rules = made.Files.TryGetValue(directory + (directory.Length > 0 ? "/" : "") + ".gitignore", out var text)
                ? IgnoreFile.Parse(path + "/.gitignore", Encoding.Latin1.GetBytes(text))
                : null;

            var marks = MarkerFile.Of(Encoding.UTF8.GetBytes(Marks[random.Next(Marks.Length)]));
            var checkout = marks == DirectoryMarkers.Repository && random.Next(2) == 0 ? DirectoryMarkers.Checkout : DirectoryMarkers.None;
            book.Set(path, new DirectoryRules(marks | checkout, rules is null ? [] : [rules]));
        }
    }

    private static string[] Some(Random random, string[] globs) => [.. globs.Where(_ => random.Next(4) == 0)];

    private static IEnumerable<string> ServicesWanting(WatchFilter filter, string file)
    {
        var wanting = new List<int>();

        if (filter.Enter(file[..Math.Max(1, file.LastIndexOf('/'))]) is { } interest)
        {
            filter.AddServices(interest, file, wanting);
            interest.Wants(file).Should().Be(wanting.Count > 0);
        }

        return wanting.Distinct().Select(service => filter.Services[service]);
    }
}
