using Supervisor.Cli.Connection;
using Supervisor.Cli.Foreground;

namespace Supervisor.Cli.Commands;

/// <summary>Which services a start is to start, as the command line says it.</summary>
/// <param name="Named">Empty: those with autostart.</param>
/// <param name="Except">Not these.</param>
/// <param name="Alone">Without what they depend on, and without waiting for it.</param>
internal sealed record StartSelection(IReadOnlyList<string> Named, IReadOnlyList<string> Except, bool Alone)
{
    /// <summary>The names alone do not say it: the configuration does.</summary>
    public bool NeedsConfiguration => Except.Count > 0 || (Alone && Named.Count == 0);

    /// <returns>The services to ask for; empty: the tree starts those with autostart by itself.</returns>
    /// <exception cref="CommandFailure">A name is unknown, nothing is left, or a service is left out that another one needs.</exception>
    public IReadOnlyList<string> In(TreeSpec spec)
    {
        var names = ServiceNames.Of(spec);
        var named = names.Resolve(Named);

        if (!NeedsConfiguration)
            return named;

        var except = names.Resolve(Except);
        var left = (named.Count > 0 ? named : [.. spec.Services.Where(service => service.Autostart).Select(service => service.Name)]).Except(except, StringComparer.Ordinal).ToArray();

        if (left.Length == 0)
            throw new CommandFailure(ExitCode.BadUsage, "--except leaves no service to start.");

        foreach (var service in Alone ? [] : StartedServices.Of(spec.Services, left))
        {
            if (service.DependsOn.Keys.FirstOrDefault(needed => except.Contains(needed, StringComparer.Ordinal)) is { } needed)
            {
                throw new CommandFailure(
                    ExitCode.BadUsage,
                    $"{service.Name} depends on {needed}: leave both out (--except {needed} --except {service.Name}), or add --no-deps, which starts services without what they depend on.");
            }
        }

        return left;
    }
}
