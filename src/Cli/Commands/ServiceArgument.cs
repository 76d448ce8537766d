using System.CommandLine;
using System.CommandLine.Parsing;

namespace Supervisor.Cli.Commands;

/// <summary>Service names as arguments of the verbs.</summary>
internal static class ServiceArgument
{
    public static Argument<string[]> Any(string description) => Create<string[]>(ArgumentArity.ZeroOrMore, description);

    public static Argument<string[]> AtLeastOne(string description) => Create<string[]>(ArgumentArity.OneOrMore, description);

    public static Argument<string> One(string description) => Create<string>(ArgumentArity.ExactlyOne, description);

    private static Argument<T> Create<T>(ArgumentArity arity, string description)
    {
        var argument = new Argument<T>("SERVICE") { Arity = arity, Description = description };
        argument.Validators.Add(RefuseOptions);
        return argument;
    }

    /// <summary>The library passes an unknown option to an argument that takes any text. No service name begins with a dash.</summary>
    private static void RefuseOptions(ArgumentResult result)
    {
        foreach (var token in result.Tokens.Where(t => t.Value.StartsWith('-')))
            result.AddError($"\"{token.Value}\" is not an option of this command.");
    }
}
