namespace Supervisor.Cli.Output;

/// <summary>How much a line matters, from least to most.</summary>
internal enum LogSeverity
{
    Debug,
    Info,
    Warning,
    Error,
}

/// <summary>The words that servers have for severities.</summary>
internal static class SeverityWords
{
    /// <summary>As options and JSON have them.</summary>
    public static readonly IReadOnlyDictionary<string, LogSeverity> Own = new Dictionary<string, LogSeverity>(StringComparer.Ordinal)
    {
        ["debug"] = LogSeverity.Debug, ["info"] = LogSeverity.Info, ["warning"] = LogSeverity.Warning, ["error"] = LogSeverity.Error,
    };

    private static readonly Dictionary<string, LogSeverity> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["trace"] = LogSeverity.Debug, ["trce"] = LogSeverity.Debug, ["verbose"] = LogSeverity.Debug, ["debug"] = LogSeverity.Debug, ["dbug"] = LogSeverity.Debug, ["dbg"] = LogSeverity.Debug,
        ["info"] = LogSeverity.Info, ["information"] = LogSeverity.Info, ["inf"] = LogSeverity.Info, ["notice"] = LogSeverity.Info, ["log"] = LogSeverity.Info,
        ["warn"] = LogSeverity.Warning, ["warning"] = LogSeverity.Warning, ["wrn"] = LogSeverity.Warning,
        ["error"] = LogSeverity.Error, ["err"] = LogSeverity.Error, ["eror"] = LogSeverity.Error, ["fail"] = LogSeverity.Error, ["fatal"] = LogSeverity.Error, ["ftl"] = LogSeverity.Error,
        ["critical"] = LogSeverity.Error, ["crit"] = LogSeverity.Error, ["severe"] = LogSeverity.Error, ["panic"] = LogSeverity.Error, ["alert"] = LogSeverity.Error, ["emerg"] = LogSeverity.Error,
    };

    /// <returns>null: it is no such word.</returns>
    public static LogSeverity? Of(string word) => Known.TryGetValue(word, out var severity) ? severity : null;

    public static string Word(this LogSeverity severity) => Own.First(it => it.Value == severity).Key;
}
