using System.Text.RegularExpressions;
using Supervisor.Stress.Report;
using Supervisor.Tree.Harness;

namespace Supervisor.Unit.Stress;

/// <summary>The page in a real browser that has no network.</summary>
public sealed partial class BrowserSpecs : IDisposable
{
    /// <summary>Injected first into the page: writes into its body what is otherwise only visible.</summary>
    private const string InspectionScript = """
        <script>
        const errors = [];
        addEventListener("error", event => errors.push(event.message));
        addEventListener("securitypolicyviolation", event => errors.push(`blocked: ${event.blockedURI}`));
        addEventListener("load", () => setTimeout(() => {
          const isPainted = canvas => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some(byte => byte !== 0);
          const canvases = [...document.querySelectorAll("canvas")];
          document.body.dataset.canvases = canvases.length;
          document.body.dataset.painted = canvases.filter(isPainted).length;
          document.body.dataset.marks = document.querySelectorAll(".mark").length;
          document.body.dataset.fetched = performance.getEntriesByType("resource").length;
          document.body.dataset.errors = errors.join("; ") || "none";
          document.body.dataset.invariants = [...document.querySelectorAll("#invariants tbody tr:not(.more)")].length;
        }));
        </script>
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stress-page-");

    public void Dispose() => _folder.Delete(recursive: true);

    [NeedsFact("chromium")]
    public async Task The_report_of_an_hour_renders_without_errors_and_without_a_network()
    {
        var model = ReportModel.Of(new SyntheticRun(TimeSpan.FromHours(1), 7).Events(), SyntheticRun.Verdict(2), "an hour.jsonl");

        var (page, seen) = await OpenAsync(model);

        seen.Should().NotContain("CONSOLE");
        Found(page, "errors").Should().Be("none");
        Found(page, "fetched").Should().Be("0");
        Found(page, "invariants").Should().Be(model.Verdict.Verdicts.Count.ToString());
        Found(page, "marks").Should().Be(model.Faults.Count(fault => !fault.Skipped).ToString());
        Found(page, "canvases").Should().Be((model.Charts.Count + 3).ToString(), "the charts, the faults and two histograms");
        Found(page, "painted").Should().Be(Found(page, "canvases"));
        page.Should().Contain("Not held: 2 violations").And.Contain("""href="an%20hour.jsonl""").And.Contain("src/&lt;b&gt;&amp;\"1\".py");
    }

    [NeedsFact("chromium")]
    public async Task The_report_of_a_run_that_was_stopped_at_once_renders()
    {
        var model = ReportModel.Of([new SyntheticRun(TimeSpan.FromSeconds(1), 7).Events()[0]], SyntheticRun.Verdict(0) with { IsWhole = false }, "run.jsonl");

        var (page, seen) = await OpenAsync(model);

        seen.Should().NotContain("CONSOLE");
        Found(page, "errors").Should().Be("none");
        page.Should().Contain(">Not proven<").And.Contain("The record has no end.");
    }

    private async Task<(string Page, string Said)> OpenAsync(ReportModel model)
    {
        var file = Path.Combine(_folder.FullName, "report.html");
        HtmlReport.Write(file, model);
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("<title>", InspectionScript + "<title>", StringComparison.Ordinal));

        string[] arguments =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr", "--v=0",
            "--window-size=1280,3000", "--virtual-time-budget=5000", $"--user-data-dir={Path.Combine(_folder.FullName, "profile")}",
            "--dump-dom", new Uri(file).AbsoluteUri,
        ];
        var result = await Command.RunAsync(
            "chromium", arguments, _folder.FullName, new Dictionary<string, string?>(StringComparer.Ordinal), TimeSpan.FromMinutes(1));

        result.ExitCode.Should().Be(0, "{0}", result.Errors);
        return (result.Output, result.Errors);
    }

    private static string Found(string page, string name) =>
        InspectionScripted().Matches(page).Where(match => match.Groups[1].Value == name).Select(match => match.Groups[2].Value).FirstOrDefault("nothing");

    [GeneratedRegex("""\bdata-(\w+)="([^"]*)" ?""")]
    private static partial Regex InspectionScripted();
}
