namespace Supervisor.Tree.Harness;

/// <summary>A puppet behind a build. Each build writes a line when it begins.</summary>
internal sealed class BuiltService
{
    private readonly TestTree _tree;
    private readonly TestService _service;

    public BuiltService(TestTree tree, string build, string timeout = "60s", string more = "")
    {
        _tree = tree;
        _service = new TestService(tree, "app");
        tree.Write("build.sh", $"echo build >> ../builds\n{build}\n");
        var entry = _service.Entry(more: $$""" "build": { "command": ["sh", "../build.sh"], "timeout": "{{timeout}}" } {{more}} """);
        tree.WriteConfig($$"""{ "services": { {{entry}} } }""");
    }

    public string[] Steps => File.Exists(Log) ? File.ReadAllLines(Log) : [];

    public string[] Builds => [.. Steps.Where(step => step == "build")];

    /// <summary>Whether a build has begun that has not been counted yet.</summary>
    public bool IsBuilding => Builds.Length > _seen;

    private string Log => Path.Combine(_tree.Project, "builds");

    private int _seen;

    public string Save(string file, string content)
    {
        _seen = Builds.Length;
        return _service.Save(file, content);
    }

    public Task<string> ServedAsync() => _service.ServedAsync();
}
