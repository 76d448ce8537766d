using System.CommandLine;
using Supervisor.Configuration.Values;

namespace Supervisor.Cli.Commands;

/// <summary>Options that take a duration in the format of the configuration.</summary>
internal static class DurationOption
{
    private static readonly TimeSpan Max = TimeSpan.FromHours(24);

    public static Option<TimeSpan> Create(string name, string description, TimeSpan? otherwise = null) => new(name)
    {
        Description = description,
        HelpName = "DURATION",
        DefaultValueFactory = otherwise is { } given ? _ => given : null,
        CustomParser = result =>
        {
            var parsed = Duration.Between(TimeSpan.Zero, Max)(result.Tokens[0].Value);

            if (!parsed.IsValid)
                result.AddError($"{name} {parsed.Mistake}");

            return parsed.Value;
        },
    };
}
