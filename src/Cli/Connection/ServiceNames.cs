using System.IO.Enumeration;
using Supervisor.Configuration.Values;

namespace Supervisor.Cli.Connection;

/// <summary>What names on the command line stand for: a service, a group, an entry with instances, or a pattern such as <c>api-*</c>. Immutable.</summary>
/// <param name="Groups">Other names that stand for services.</param>
internal sealed record ServiceNames(IReadOnlyList<string> Services, IReadOnlyDictionary<string, IReadOnlyList<string>> Groups)
{
    public const string Watcher = "watcher";

    public static ServiceNames Of(TreeSpec spec) => new([.. spec.Services.Select(service => service.Name)], spec.Groups);

    /// <summary>For commands that take the watcher, too.</summary>
    public ServiceNames WithWatcher() => this with { Services = [.. Services, Watcher] };

    public bool Knows(string asked) => Find(asked).Count > 0;

    /// <returns>The services, each once, in the order of the command line.</returns>
    /// <exception cref="CommandFailure">A name stands for nothing.</exception>
    public IReadOnlyList<string> Resolve(IEnumerable<string> asked) =>
        [.. asked.SelectMany(name => Find(name) is { Count: > 0 } found ? found : throw Unknown(name)).Distinct(StringComparer.Ordinal)];

    /// <exception cref="CommandFailure">The name stands for nothing, or for several services.</exception>
    public string One(string asked) => Resolve([asked]) is [var only]
        ? only
        : throw new CommandFailure(ExitCode.NoSuchService, $"\"{asked}\" stands for several services, and only one can be named here: {string.Join(", ", Find(asked))}.");

    private IReadOnlyList<string> Find(string asked) =>
        Services.Contains(asked, StringComparer.Ordinal) ? [asked]
        : Groups.TryGetValue(asked, out var members) ? members
        : IsPattern(asked) ? [.. Services.Where(name => name != Watcher && FileSystemName.MatchesSimpleExpression(asked, name, ignoreCase: false))]
        : [];

    private CommandFailure Unknown(string asked)
    {
        var known = $"Services: {string.Join(", ", Services)}.{(Groups.Count == 0 ? "" : $" Groups: {string.Join(", ", Groups.Keys)}.")}";

        return new CommandFailure(
            ExitCode.NoSuchService,
            IsPattern(asked) ? $"No service matches \"{asked}\". {known}" : $"Unknown service \"{asked}\"{Suggestion.For(asked, Services.Concat(Groups.Keys), otherwise: ".")} {known}");
    }

    private static bool IsPattern(string asked) => asked.AsSpan().ContainsAny('*', '?');
}
