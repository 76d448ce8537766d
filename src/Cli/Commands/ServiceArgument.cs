using System.CommandLine;
using System.CommandLine.Completions;
using Supervisor.Cli.Connection;
using Supervisor.Configuration;

namespace Supervisor.Cli.Commands;

/// <summary>Service names as arguments of the verbs. A shell completes them with the names of the configuration.</summary>
internal static class ServiceArgument
{
    public static Argument<string[]> Any(string description, string name = "SERVICE") => Create<string[]>(ArgumentArity.ZeroOrMore, description, name);

    public static Argument<string[]> AtLeastOne(string description) => Create<string[]>(ArgumentArity.OneOrMore, description);

    public static Argument<string> One(string description) => Create<string>(ArgumentArity.ExactlyOne, description);

    private static Argument<T> Create<T>(ArgumentArity arity, string description, string name = "SERVICE")
    {
        var argument = new Argument<T>(name) { Arity = arity, Description = description, HelpName = name };
        argument.CompletionSources.Add(Complete);
        return argument;
    }

    /// <summary>Nothing where there is no valid configuration: a completion has no place for an error.</summary>
    private static IEnumerable<CompletionItem> Complete(CompletionContext context)
    {
        var file = context.ParseResult.CommandResult.Command.Options.OfType<Option<string?>>().FirstOrDefault(option => option.Name == "--file");

        try
        {
            return ConfigurationFile.Read(TreeLocation.Find(file is null ? null : context.ParseResult.GetValue(file)).ConfigPath) is ReadResult.Valid { Spec: var spec }
                ? [.. spec.Services.Select(service => service.Name).Concat(spec.Groups.Keys).Select(name => new CompletionItem(name))]
                : [];
        }
        catch (CommandFailure)
        {
            return [];
        }
    }
}
