using System.Text;
using Supervisor.Filtering.Gitignore;

namespace Supervisor.Unit.Filtering.Gitignore;

public sealed class VerdictCostSpecs(Xunit.Abstractions.ITestOutputHelper output)
{
    private const string TwentyRules =
        """
        *.log
        *.py[cod]
        __pycache__/
        node_modules/
        /dist
        /build/
        .env
        .env.*
        !.env.example
        *.sqlite3
        coverage/
        **/generated/**
        docs/_build/
        *.egg-info/
        /static/vendor/*.js
        tmp-?.txt
        [Tt]humbs.db
        *~
        .idea/
        media/uploads/**/*.png
        """;

    private static readonly string[] Paths =
    [
        .. from app in Enumerable.Range(0, 50)
           from file in new[] { "views.py", "models.py", "templates/app/index.html", "static/app/main.js", "tests/test_views.py", "migrations/0001_initial.py", "run.log", "cache.pyc" }
           select $"/home/somebody/projects/site/app_{app}/{file}",
    ];

    [Fact]
    public void A_verdict_allocates_nothing()
    {
        var rules = Rules();
        Judge(rules, rounds: 2);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Judge(rules, rounds: 10);

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    [Fact]
    public void The_cost_of_a_verdict_with_twenty_rules_is_printed()
    {
        var rules = Rules();
        Judge(rules, rounds: 200);
        var before = Environment.CpuUsage.UserTime;
        var ignored = Judge(rules, rounds: 500);
        var taken = Environment.CpuUsage.UserTime - before;

        // Of the processor's time, and of this process alone: the machine may be busy.
        output.WriteLine($"{taken.TotalMicroseconds / (500 * Paths.Length):F3} µs a path, {Paths.Length} paths");
        ignored.Should().Be(500 * Paths.Length / 4, "one in four is a log or compiled");
    }

    private static int Judge(IgnoreRules rules, int rounds)
    {
        var ignored = 0;

        for (var round = 0; round < rounds; round++)
        {
            foreach (var path in Paths)
                ignored += rules.Ignores(path, isDirectory: false) ? 1 : 0;
        }

        return ignored;
    }

    private static IgnoreRules Rules() =>
        IgnoreRules.Add(above: null, IgnoreFile.Parse("/.gitignore", Encoding.UTF8.GetBytes(TwentyRules)), "/home/somebody/projects/site")!;
}
