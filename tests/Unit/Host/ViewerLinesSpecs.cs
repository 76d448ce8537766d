using Supervisor.Host.Output;
using Supervisor.Host.StateMachine;

namespace Supervisor.Unit.Host;

/// <summary>What a developer reads in a terminal about one service.</summary>
public sealed class ViewerLinesSpecs
{
    [Fact]
    public void A_reload_is_one_line_when_it_is_done_with_its_parts_and_files()
    {
        var driver = HostDriver.Serving(TestServices.Web.WithProbe().WithValidation()).Later(60).Change("site/shop/views.py");
        driver.Later(0.1).Change("site/a.py").Change("site/b.py");
        driver.Later(0.4).On(new HostEvent.ValidationPassed(driver.Record.Validations)).Dies(143).Spawned().Later(0.3).Ready();

        Lines(driver).Should().Equal("✓ ready in 0.00 s", "✓ reloaded in 0.8 s (wait 0.1, check 0.4, start 0.3)  site/shop/views.py +2");
    }

    [Fact]
    public void A_reload_that_was_built_says_how_long_that_took_and_a_build_that_fails_says_so()
    {
        var driver = HostDriver.Serving(TestServices.Web.WithBuild().WithValidation()).Later(60).Change("main.go").Later(0.5).BuildPasses();
        driver.Later(0.4).On(new HostEvent.ValidationPassed(driver.Record.Validations)).Later(0.3).Dies(143).Spawned();
        Lines(driver).Last().Should().Be("✓ reloaded in 1.2 s (build 0.5, check 0.4, start 0.3)  main.go");

        driver.Later(60).Change("main.go").BuildFails("build exited with code 1: main.go:3: error: no");
        Lines(driver).Last().Should().Be("✗ build failed: main.go:3: error: no (the old code serves)");
    }

    [Fact]
    public void A_reload_without_validation_or_probe_is_one_line_too()
    {
        var driver = HostDriver.Serving(TestServices.Web).Later(60).Change("a.py").Later(0.2).Dies(143).Spawned();

        Lines(driver).Last().Should().Be("✓ reloaded in 0.2 s  a.py");
    }

    [Fact]
    public void A_reload_by_a_signal_names_it()
    {
        var driver = HostDriver.Serving(TestServices.Web.OnChange(ChangeAction.Signal, 1)).Later(60).Change("a.py");

        Lines(driver).Last().Should().Be("✓ reloaded, SIGHUP sent  a.py");
    }

    [Fact]
    public void A_refusal_says_what_is_wrong_first_and_then_what_the_tool_said()
    {
        var driver = HostDriver.Serving(TestServices.Web.WithValidation()).Later(60).Change("views.py");
        driver.On(new HostEvent.ValidationRefused(
            driver.Record.Validations, "validation exited with code 1: Traceback:\n  File \"/site/views.py\", line 4\n    x = (\nSyntaxError: '(' was never closed"));

        Lines(driver).Last().Split('\n').Should().Equal(
            "✗ refused: SyntaxError: '(' was never closed: views.py:4 (the old code serves)",
            "  Traceback:", "    File \"/site/views.py\", line 4", "      x = (", "  SyntaxError: '(' was never closed");
    }

    [Fact]
    public void A_refusal_of_a_tool_that_said_nothing_is_one_line()
    {
        var driver = HostDriver.Serving(TestServices.Web.WithValidation()).Later(60).Change();
        driver.On(new HostEvent.ValidationRefused(driver.Record.Validations, "validation exited with code 1"));

        Lines(driver).Last().Should().Be("✗ refused: validation exited with code 1 (the old code serves)");
    }

    [Fact]
    public void Failures_and_the_crash_loop_begin_with_a_cross_and_say_what_to_do()
    {
        var driver = HostDriver.Serving(TestServices.Web);

        while (driver.State is not HostState.CrashLoop)
            driver.Dies().After(40).On(new HostEvent.Spawned(driver.Record.Generation + 1, Pid: 100, Port: null));

        Lines(driver).Should().Contain(line => line.StartsWith("✗ failed: exited with code 1; next start", StringComparison.Ordinal));
        Lines(driver).Last().Should().StartWith("✗ crash loop: it exited with code 1").And.Contain("until you restart it or change one of its files");
    }

    [Theory]
    [InlineData("Autostart", true, "started (pid 7)")]
    [InlineData("Crash", true, "started again (pid 7)")]
    [InlineData("Crash", false, "✓ started again (pid 7)")]
    [InlineData("Files", false, null)]
    public void A_start_is_told_before_the_first_line_of_the_server_unless_a_reload_follows(string cause, bool hasProbe, string? line) =>
        ViewerLines.Started(hasProbe ? TestServices.Web.WithProbe() : TestServices.Web, Enum.Parse<Cause>(cause), pid: 7).Should().Be(line);

    private static IEnumerable<string> Lines(HostDriver driver) =>
        driver.AllEffects.OfType<Effect.WriteLedger>().Select(entry => ViewerLines.Of(entry.Entry, entry.Ended)).OfType<string>();
}
