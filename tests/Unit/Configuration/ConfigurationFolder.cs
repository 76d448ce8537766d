using Supervisor.Configuration;

namespace Supervisor.Unit.Configuration;

/// <summary>A folder with a supervisor.json, deleted when disposed.</summary>
internal sealed class ConfigurationFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("sv-config-").FullName;

    public string File => System.IO.Path.Combine(Path, ConfigurationFile.Name);

    public string At(string relative) => System.IO.Path.Combine(Path, relative);

    public IReadOnlyList<Mistake> Mistakes(string json)
    {
        System.IO.File.WriteAllText(File, json);
        return Mistakes();
    }

    public IReadOnlyList<Mistake> Mistakes(byte[] bytes)
    {
        System.IO.File.WriteAllBytes(File, bytes);
        return Mistakes();
    }

    public IReadOnlyList<Mistake> Mistakes() => ConfigurationFile.Read(File) is ReadResult.Invalid invalid ? invalid.Mistakes : [];

    public TreeSpec Read(string json)
    {
        System.IO.File.WriteAllText(File, json);
        return ConfigurationFile.Read(File).Should().BeOfType<ReadResult.Valid>("{0}", string.Join('\n', Mistakes())).Subject.Spec;
    }

    /// <summary>The specification of a single service that has one key besides its command.</summary>
    public ServiceSpec Service(string more = "") => Read(One(more)).Services.Single();

    /// <summary>The messages about a configuration of one service with these keys besides its command.</summary>
    public IEnumerable<string> MessagesAbout(string more) => Mistakes(One(more)).Select(m => $"{m.Path}: {m.Message}");

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static string One(string more) => $$"""{ "services": { "web": { "command": ["run"], {{more}} } } }""";
}
