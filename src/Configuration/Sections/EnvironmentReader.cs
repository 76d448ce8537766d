using System.Text;
using Supervisor.Configuration.Text;

namespace Supervisor.Configuration.Sections;

/// <summary><c>env</c> and <c>envFile</c> of a service. Where both set a variable, <c>env</c> wins.</summary>
internal static class EnvironmentReader
{
    private const long MaxFile = 1 << 20;

    /// <summary>Sorted, so that equal settings hash alike in any order.</summary>
    public static SortedDictionary<string, string> Read(SectionReader service, PathResolver paths)
    {
        var variables = new SortedDictionary<string, string>(StringComparer.Ordinal);

        foreach (var (name, value) in FromFile(service, paths))
            variables[name] = value;

        if (service.Node("env") is { } node && SectionReader.Expect<ConfigNode.Section>(node, "an object", service.Mistakes) is { } env)
        {
            foreach (var member in env.Members)
                Add(member, variables, service.Mistakes);
        }

        return variables;
    }

    private static void Add(Member member, SortedDictionary<string, string> variables, MistakeList mistakes)
    {
        if (member.Name.Length == 0 || member.Name.AsSpan().IndexOfAny('=', '\0') >= 0)
        {
            mistakes.Add(member.Value.Path, member.At, "is not a name of an environment variable: it must not be empty or contain '=' or NUL");
        }
        else if (member.Value is ConfigNode.Number or ConfigNode.Boolean)
        {
            mistakes.AddWrong(member.Value, $"must be a text{member.Value.ButIs}; put it in quotes");
        }
        else if (SectionReader.Read(member.Value, CommandReader.WithoutNul, mistakes) is { IsValid: true } value)
        {
            variables[member.Name] = value.Value;
        }
    }

    private static IReadOnlyList<KeyValuePair<string, string>> FromFile(SectionReader service, PathResolver paths)
    {
        if (service.Node("envFile") is not { } node || SectionReader.Read(node, paths.Absolute, service.Mistakes) is not { IsValid: true } path)
            return [];

        try
        {
            var file = new FileInfo(path.Value);

            if (Directory.Exists(path.Value))
                service.Mistakes.AddWrong(node, $"must be a file, but {path.Value} is a folder");
            else if (file.Exists && file.Length > MaxFile)
                service.Mistakes.AddWrong(node, $"names a file of more than 1 MiB: {path.Value}");
            else
                return EnvFile.Parse(File.ReadAllText(path.Value, Encoding.UTF8), (line, what) => service.Mistakes.Add(node, $"{path.Value}:{line}: {what}"));
        }
        catch (FileNotFoundException)
        {
            service.Mistakes.AddWrong(node, $"names a file that does not exist: {path.Value}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            service.Mistakes.AddWrong(node, $"names a file that cannot be read: {e.Message}");
        }

        return [];
    }
}
