using System.Reflection;
using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Project;

/// <summary>The programs of the servers, embedded from <c>Servers/</c> and written into a service's folder, and the commands that start them.</summary>
internal static class ServerPrograms
{
    // A puppet exits by itself if its run dies; no run is longer than this.
    private const string PuppetLife = "2880m";

    private static readonly Assembly Here = typeof(ServerPrograms).Assembly;

    /// <summary>By path relative to the service's folder. Jobs never change these.</summary>
    public static IEnumerable<(string Path, byte[] Content)> For(Flavour flavour) =>
        from template in Here.GetManifestResourceNames()
        from folder in Templates(flavour)
        where template.StartsWith(folder, StringComparison.Ordinal)
        select (template[folder.Length..], Read(template));

    /// <summary>The command that starts it, with its folder as working directory.</summary>
    public static IReadOnlyList<string> Command(ProjectService service, InstalledTools tools) => service.Flavour switch
    {
        Flavour.Django => [tools.Require(Tool.Django), "manage.py", "runserver", "--noreload", $"127.0.0.1:{service.Port}"],
        Flavour.Uvicorn =>
        [
            tools.Require(Tool.Uvicorn), "-m", "uvicorn", "server.app:app", "--host", "127.0.0.1", "--port", $"{service.Port}",
            "--lifespan", "off", "--no-access-log",
        ],
        Flavour.Node => [tools.Require(Tool.Node), "server/server.mjs", $"{service.Port}"],
        _ =>
        [
            Executables.Puppet, "--port", $"{service.Port}", "--serve", ".", "--sources", service.Extension, "--ttl", PuppetLife,
            .. service.ReloadsInPlace ? (string[])["--reload-on-hup"] : [],
        ],
    };

    /// <summary>The command that must succeed before the running server is stopped; null: no validation.</summary>
    public static IReadOnlyList<string>? Validation(ProjectService service, InstalledTools tools) =>
        service.Flavour == Flavour.Django ? [tools.Require(Tool.Django), "manage.py", "check"] : null;

    private static string[] Templates(Flavour flavour) => flavour switch
    {
        Flavour.Django => ["Django/", "Python/"],
        Flavour.Uvicorn => ["Uvicorn/", "Python/"],
        Flavour.Node => ["Node/"],
        _ => [],
    };

    private static byte[] Read(string template)
    {
        using var stream = Here.GetManifestResourceStream(template)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
