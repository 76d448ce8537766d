using System.CommandLine;
using Supervisor.Configuration.Values;

namespace Supervisor.Stress.Commands;

/// <summary>Options that take a duration, written as in the product's configuration.</summary>
internal static class DurationOption
{
    private static readonly TimeSpan Maximum = TimeSpan.FromDays(7);

    public static Option<TimeSpan> Create(string name, string description, TimeSpan defaultValue, TimeSpan minimum) => new(name)
    {
        Description = description,
        HelpName = "DURATION",
        DefaultValueFactory = _ => defaultValue,
        CustomParser = result =>
        {
            var parsed = Duration.Between(minimum, Maximum)(result.Tokens[0].Value);
            if (!parsed.IsValid)
                result.AddError($"{name} {parsed.Mistake}");

            return parsed.Value;
        },
    };
}
