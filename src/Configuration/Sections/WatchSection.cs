using Supervisor.Configuration.Text;
using Supervisor.Configuration.Values;

namespace Supervisor.Configuration.Sections;

/// <summary><c>watch</c>: which files belong to a service, and what a change of them does. Without it nothing is watched.</summary>
internal static class WatchSection
{
    private const string SignalPrefix = "signal:";

    private static readonly TimeSpan DefaultDebounce = TimeSpan.FromMilliseconds(250);
    private static readonly Func<string, Parsed<TimeSpan>> DebounceRange = Duration.Between(TimeSpan.Zero, TimeSpan.FromMinutes(1));

    public static WatchSpec? Read(SectionReader service, PathResolver paths, string workingDirectory)
    {
        if (service.OptionalChild("watch", Keys.Watch) is not { } section)
            return null;

        return new WatchSpec(
            Paths(section, paths, workingDirectory),
            section.Texts("include", Glob.Parse),
            section.Texts("ignore", Glob.Parse),
            section.Value("debounce", DebounceRange, DefaultDebounce),
            section.Value("onChange", Action, new OnChange(ChangeAction.Restart, Signal: null)),
            section.Boolean("followLinks", otherwise: true));
    }

    private static IReadOnlyList<string> Paths(SectionReader section, PathResolver paths, string workingDirectory)
    {
        if (section.Node("paths") is not { } node)
            return [workingDirectory];

        if (node is ConfigNode.List { Items.Count: 0 })
            section.Mistakes.AddWrong(node, "must name at least one path; leave it out to watch the service's working directory");

        return [.. section.Texts("paths", paths.Absolute).Distinct(StringComparer.Ordinal)];
    }

    private static Parsed<OnChange> Action(string text)
    {
        if (text.StartsWith(SignalPrefix, StringComparison.Ordinal))
        {
            var signal = SignalName.ParseForReload(text[SignalPrefix.Length..]);

            return signal.IsValid
                ? Parsed.Ok(new OnChange(ChangeAction.Signal, signal.Value))
                : Parsed.Wrong<OnChange>($"{signal.Mistake} (after \"{SignalPrefix}\")");
        }

        return text switch
        {
            "restart" => Parsed.Ok(new OnChange(ChangeAction.Restart, Signal: null)),
            "none" => Parsed.Ok(new OnChange(ChangeAction.None, Signal: null)),
            _ => Parsed.Wrong<OnChange>("must be \"restart\", \"none\" or a signal such as \"signal:HUP\""),
        };
    }
}
