using Supervisor.Configuration.Values;

namespace Supervisor.Cli.Connection;

/// <summary>Checks that the names on the command line are configured services.</summary>
internal static class ServiceNames
{
    public const string Watcher = "watcher";

    public static void Check(IEnumerable<string> asked, IReadOnlyList<string> known)
    {
        foreach (var name in asked)
        {
            if (!known.Contains(name, StringComparer.Ordinal))
            {
                throw new CommandFailure(
                    ExitCode.NoSuchService,
                    $"Unknown service \"{name}\"{Suggestion.For(name, known, otherwise: ".")} Services: {string.Join(", ", known)}.");
            }
        }
    }
}
