using System.Text;
using Supervisor.Configuration.Sections;
using Supervisor.Configuration.Text;

namespace Supervisor.Configuration.Variables;

/// <summary>
/// <c>envFile</c> and <c>env</c>, of the whole tree or of a service. Where both set a variable, <c>env</c> wins; its values may refer to everything
/// beneath it.
/// </summary>
internal static class EnvironmentReader
{
    private const long MaxFile = 1 << 20;

    public static VariableScope Global(ConfigNode.Section root, PathResolver paths, VariableScope shell, MistakeList mistakes) =>
        Read(root, paths, shell, VariableSource.GlobalEnvFile, VariableSource.GlobalEnv, mistakes);

    public static VariableScope OfService(ConfigNode.Section service, PathResolver paths, VariableScope global, MistakeList mistakes) =>
        Read(service, paths, global, VariableSource.EnvFile, VariableSource.Env, mistakes);

    private static VariableScope Read(
        ConfigNode.Section section, PathResolver paths, VariableScope beneath, VariableSource ofFile, VariableSource ofValues, MistakeList mistakes)
    {
        var scope = beneath;

        if (ValueOf(section, "envFile") is { } file && EnvFileReference.Read(file, node => ServiceValues.Expand(node, scope, mistakes), paths, mistakes) is { } reference)
            scope = scope.With(FromFile(ofFile, reference, mistakes));

        if (ValueOf(section, "env") is { } node && SectionReader.Expect<ConfigNode.Section>(node, "an object", mistakes) is { } env)
            scope = scope.With(new EnvironmentLayer(ofValues, File: null, FromValues(env, scope, mistakes)));

        return scope;
    }

    private static ConfigNode? ValueOf(ConfigNode.Section section, string key) => section.Members.FirstOrDefault(member => member.Name == key)?.Value;

    private static Dictionary<string, string> FromValues(ConfigNode.Section env, VariableScope beneath, MistakeList mistakes)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);

        foreach (var member in env.Members)
        {
            if (member.Name.Length == 0 || member.Name.AsSpan().IndexOfAny('=', '\0') >= 0)
            {
                mistakes.Add(member.Value.Path, member.At, "is not a name of an environment variable: it must not be empty or contain '=' or NUL");
            }
            else if (member.Value is ConfigNode.Number or ConfigNode.Boolean)
            {
                mistakes.AddWrong(member.Value, $"must be a text{member.Value.ButIs}; put it in quotes");
            }
            else if (SectionReader.Read(ServiceValues.Expand(member.Value, beneath, mistakes), CommandReader.WithoutNul, mistakes) is { IsValid: true } value)
            {
                variables[member.Name] = value.Value;
            }
        }

        return variables;
    }

    private static EnvironmentLayer FromFile(VariableSource source, EnvFileReference reference, MistakeList mistakes)
    {
        var (node, path) = (reference.Node, reference.Path);
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        var layer = new EnvironmentLayer(source, path, variables);

        try
        {
            var file = new FileInfo(path);

            if (Directory.Exists(path))
            {
                mistakes.AddWrong(node, $"must be a file, but {path} is a folder");
            }
            else if (file.Exists && file.Length > MaxFile)
            {
                mistakes.AddWrong(node, $"names a file of more than 1 MiB: {path}");
            }
            else
            {
                foreach (var (name, value) in EnvFile.Parse(File.ReadAllText(path, Encoding.UTF8), (line, what) => mistakes.Add(node, $"{path}:{line}: {what}")))
                    variables[name] = value;
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            if (!reference.IsRequired)
                return layer;

            var written = node is ConfigNode.Text text ? text.Value : Path.GetFileName(path);
            mistakes.AddLack(node, $"names a file that does not exist: {path}; create it, or write \"{written}?\" if it may be missing");
            return layer with { IsLacking = true };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            mistakes.AddWrong(node, $"names a file that cannot be read: {e.Message}");
        }

        return layer;
    }
}
