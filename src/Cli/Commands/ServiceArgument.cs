using System.CommandLine;

namespace Supervisor.Cli.Commands;

/// <summary>Service names as arguments of the verbs.</summary>
internal static class ServiceArgument
{
    public static Argument<string[]> Any(string description) => Create<string[]>(ArgumentArity.ZeroOrMore, description);

    public static Argument<string[]> AtLeastOne(string description) => Create<string[]>(ArgumentArity.OneOrMore, description);

    public static Argument<string> One(string description) => Create<string>(ArgumentArity.ExactlyOne, description);

    private static Argument<T> Create<T>(ArgumentArity arity, string description) => new("SERVICE") { Arity = arity, Description = description };
}
