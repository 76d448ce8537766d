using System.Text.Json.Nodes;

namespace Supervisor.Cli.Init.Reading;

/// <summary><c>bin/rails</c>, and Sidekiq where the Gemfile has it. Pure.</summary>
internal static class RailsReader
{
    private const int UsualPort = 3000;

    /// <summary>Rails loads the code of <c>app</c> again by itself, but not this.</summary>
    private static readonly string[] ReadAtStart = ["config", "lib", "Gemfile.lock"];

    public static FoundServices Read(ProjectFiles files, string file)
    {
        var folder = ProjectFiles.FolderOf(ProjectFiles.FolderOf(file));
        var place = new SourcePlace(file, 0);
        var called = folder.Length == 0 ? "" : ProjectFiles.NameOf(folder);
        var web = new ServiceDraft(CarriedNames.Of(called.Length == 0 ? "web" : called), place);
        web.Set("command", Json.List(["bin/rails", "server", "-p", "$PORT"]));
        web.Set("cwd", folder.Length == 0 ? null : folder);
        web.Set("port", UsualPort);
        web.Set("watch", Watch(files, folder));
        web.Set("ready", new JsonObject { ["tcp"] = "$PORT" });

        return new FoundServices(file, files.Text(folder, "Gemfile")?.Contains("sidekiq", StringComparison.Ordinal) == true
            ? [web.Done(portIsUsual: true), Sidekiq(files, folder, called)]
            : [web.Done(portIsUsual: true)], []);
    }

    private static FoundService Sidekiq(ProjectFiles files, string folder, string called)
    {
        var name = called.Length == 0 ? "sidekiq" : CarriedNames.Of($"{called}-sidekiq");
        var sidekiq = new ServiceDraft(name, new SourcePlace(ProjectFiles.Join(folder, "Gemfile"), LineOf(files.Text(folder, "Gemfile")!)));
        sidekiq.Set("command", Json.List(["bundle", "exec", "sidekiq"]));
        sidekiq.Set("cwd", folder.Length == 0 ? null : folder);
        sidekiq.Set("watch", new JsonObject { ["include"] = Json.List(["**/*.rb"]) });
        sidekiq.Set("stop", new JsonObject { ["grace"] = "30s" });
        return sidekiq.Done();
    }

    private static int LineOf(string gemfile) => gemfile.AsSpan(0, gemfile.IndexOf("sidekiq", StringComparison.Ordinal)).Count('\n') + 1;

    private static JsonObject? Watch(ProjectFiles files, string folder)
    {
        var paths = ReadAtStart.Where(name => files.Has(folder, name) || files.Paths.Any(path => path.StartsWith(ProjectFiles.Join(folder, name) + "/", StringComparison.Ordinal))).ToArray();
        return paths.Length == 0 ? null : new JsonObject { ["paths"] = Json.List(paths.Select(name => ProjectFiles.Join(folder, name))) };
    }
}
