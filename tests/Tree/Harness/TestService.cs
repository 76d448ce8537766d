using System.Net;

namespace Supervisor.Tree.Harness;

/// <summary>One service of a test: a puppet that serves over HTTP the files its folder had when it started.</summary>
internal sealed class TestService(TestTree tree, string name)
{
    private static readonly HttpClient Http = new() { Timeout = Wait.DefaultTimeout };

    public string Name { get; } = name;

    public int Port { get; } = TestTree.FreePort();

    public string Folder { get; } = Directory.CreateDirectory(Path.Combine(tree.Project, name)).FullName;

    public Uri Address => new($"http://127.0.0.1:{Port}/");

    /// <summary>This service's entry in the configuration; <paramref name="more"/> adds members ("\"stop\": {…}").</summary>
    public string Entry(string arguments = "", string more = "") =>
        $$"""
        "{{Name}}": {
          "command": ["{{Executables.Puppet}}", "--port", "{{Port}}", "--serve", "."{{Quoted(arguments)}}],
          "cwd": "{{Name}}", "port": {{Port}},
          "watch": { "paths": ["{{Name}}"], "include": ["**/*.txt"] },
          "ready": { "http": "{{Address}}", "timeout": "60s" }{{(more.Length == 0 ? "" : ", " + more)}}
        }
        """;

    /// <summary>In one step: <see cref="TestTree.Write"/>.</summary>
    public string Save(string file, string content) => tree.Write(Path.Combine(Name, file), content);

    /// <summary>The files the running server read when it started, by name with content.</summary>
    public async Task<string> ServedAsync()
    {
        var answer = await Http.GetStringAsync(Address);
        return answer[..answer.LastIndexOf("pid ", StringComparison.Ordinal)];
    }

    public async Task<bool> AnswersAsync()
    {
        try
        {
            using var answer = await Http.GetAsync(Address);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception failed) when (failed is HttpRequestException or TaskCanceledException)
        {
            return false; // No listener.
        }
    }

    /// <summary>Whether the running server read this text when it started; false also between two servers.</summary>
    public async Task<bool> ServesAsync(string text)
    {
        try
        {
            return (await ServedAsync()).Contains(text, StringComparison.Ordinal);
        }
        catch (Exception failed) when (failed is HttpRequestException or TaskCanceledException)
        {
            return false; // No listener.
        }
    }

    /// <summary>What a server that starts now would serve.</summary>
    public string OnDisk() => string.Concat(
        Directory.EnumerateFiles(Folder, "*.txt", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Folder, file))
            .Order(StringComparer.Ordinal)
            .Select(file => $"{file}={File.ReadAllText(Path.Combine(Folder, file))}\n"));

    private static string Quoted(string arguments) =>
        string.Concat(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(argument => $", \"{argument}\""));
}
