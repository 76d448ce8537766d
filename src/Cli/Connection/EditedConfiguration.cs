using Supervisor.Cli.Rendering;
using Supervisor.Configuration;

namespace Supervisor.Cli.Connection;

/// <summary>Commands that start services say when supervisor.json is not what the tree runs: they start what the tree runs.</summary>
internal static class EditedConfiguration
{
    /// <summary>As <see cref="ServiceNames.Resolve"/>; a service that only the file has is called so.</summary>
    public static IReadOnlyList<string> Resolve(IReadOnlyList<string> asked, ServiceNames running, TreeLocation location)
    {
        if (asked.FirstOrDefault(name => !running.Knows(name)) is { } missing
            && ConfigurationFile.Read(location.ConfigPath) is ReadResult.Valid { Spec: var spec } && ServiceNames.Of(spec).Knows(missing))
        {
            throw new CommandFailure(
                ExitCode.NoSuchService, $"{ConfigurationFile.Name} has changed: it has {missing}, and the running tree has not. \"supervisor reload\" takes it over.");
        }

        return running.Resolve(asked);
    }

    public static async Task TellAsync(Screen screen, ControlLink link, CancellationToken cancellationToken)
    {
        if (await TextAsync(link, cancellationToken) is { } text)
            screen.Error.WriteLine(text);
    }

    /// <summary>null: the file is what the tree runs, or cannot be compared now.</summary>
    public static async Task<string?> TextAsync(ControlLink link, CancellationToken cancellationToken)
    {
        try
        {
            // The parent reads the file now: what the watcher has seen may be older.
            var preview = await link.AskAsync((control, token) => control.ReloadAsync(preview: true, token), cancellationToken);
            return preview.Difference.IsEmpty ? null : DifferenceText.Of(new ConfigurationChange(preview.Difference, []), link.InitialStatus.Tree.Config);
        }
        catch (CommandFailure failure)
        {
            return $"{ConfigurationFile.Name} has changed and cannot be taken over: {failure.Message}";
        }
    }
}
