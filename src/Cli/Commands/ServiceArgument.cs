using System.CommandLine;

namespace Supervisor.Cli.Commands;

/// <summary>Names of services, as the verbs take them.</summary>
internal static class ServiceArgument
{
    public static Argument<string[]> Any(string description) =>
        new("SERVICE") { Arity = ArgumentArity.ZeroOrMore, Description = description };

    public static Argument<string[]> AtLeastOne(string description) =>
        new("SERVICE") { Arity = ArgumentArity.OneOrMore, Description = description };
}
