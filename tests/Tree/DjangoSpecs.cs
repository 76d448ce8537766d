using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>A real Django project beside other services: the first report behind this tool.</summary>
public sealed class DjangoSpecs
{
    private const string Python = "/usr/bin/python3";
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(20) };

    [DjangoFact]
    public async Task A_saved_view_is_served_a_syntax_error_is_refused_while_the_old_server_answers_and_fixing_it_recovers()
    {
        await using var tree = TestTree.Create();
        var project = await tree.RunOtherAsync(Python, "-m", "django", "startproject", "site1", ".");
        project.ExitCode.Should().Be(0, "{0}", project);
        var port = TestTree.FreePort();
        var page = new Uri($"http://127.0.0.1:{port}/hello");
        WriteView(tree, "first");
        tree.Write("site1/urls.py", "from django.urls import path\nfrom site1 import views\nurlpatterns = [path('hello', views.hello)]\n");
        var assets = new TestService(tree, "assets");
        tree.WriteConfig($$"""
            { "services": {
              "web": {
                "command": ["{{Python}}", "manage.py", "runserver", "--noreload", "127.0.0.1:{{port}}"], "port": {{port}},
                "watch": { "paths": ["site1", "manage.py"], "include": ["**/*.py"] },
                "validate": { "command": ["{{Python}}", "manage.py", "check"], "timeout": "60s" },
                "ready": { "http": "{{page}}", "timeout": "60s" } },
              {{assets.Entry()}},
              "worker": { "command": "while :; do sleep 1; done" } } }
            """);
        await tree.StartAsync();
        await using var control = await tree.ConnectAsync();
        (await Http.GetStringAsync(page)).Should().Be("first");
        var before = await control.StatusAsync();

        WriteView(tree, "second");
        await control.CallAsync(it => it.FlushAsync());
        (await Http.GetStringAsync(page)).Should().Be("second", "a saved view is served by the new process");
        var reloaded = (await control.StatusAsync()).Service("web");
        reloaded.Pid.Should().NotBe(before.Service("web").Pid);
        reloaded.Should().BeEquivalentTo(new { Generation = 2, Reloads = 1, Restarts = 0, State = ServicePhase.Ready });
        reloaded.LastChange!.Files.Should().Contain("site1/views.py");

        tree.Write("site1/views.py", "def hello(request:\n");
        var stale = (await control.WaitForAsync(board => board.Service("web").Stale, "the broken view is refused")).Service("web");
        stale.Pid.Should().Be(reloaded.Pid, "the old server continues");
        stale.Reason.Should().Contain("SyntaxError");
        (await Http.GetStringAsync(page)).Should().Be("second");
        (await tree.RunAsync("status")).Should().Match<CommandResult>(
            status => status.ExitCode == (int)ExitCode.Unhealthy && status.Output.Contains("stale", StringComparison.Ordinal));

        WriteView(tree, "third");
        await control.CallAsync(it => it.FlushAsync());
        (await Http.GetStringAsync(page)).Should().Be("third");
        var after = await control.StatusAsync();
        after.Service("web").Should().BeEquivalentTo(new { Stale = false, State = ServicePhase.Ready, Restarts = 0 });
        after.Service("assets").Pid.Should().Be(before.Service("assets").Pid);
        after.Service("worker").Pid.Should().Be(before.Service("worker").Pid);
    }

    private static void WriteView(TestTree tree, string text) => tree.Write(
        "site1/views.py", $"from django.http import HttpResponse\n\ndef hello(request):\n    return HttpResponse('{text}')\n");
}

/// <summary>A fact that needs Debian's python3-django.</summary>
internal sealed class DjangoFactAttribute() : NeedsFactAttribute("/usr/bin/python3", "/usr/lib/python3/dist-packages/django");
