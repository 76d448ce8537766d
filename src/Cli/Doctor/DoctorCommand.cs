using System.CommandLine;
using Supervisor.Cli.Commands;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Rendering;
using Supervisor.Configuration;

namespace Supervisor.Cli.Doctor;

/// <summary>
/// <c>doctor</c>: reads the facts, lets pure checks judge them, and prints the findings. Only <c>--clean</c> changes anything: it ends what dead runs have left.
/// </summary>
internal static class DoctorCommand
{
    public static Command Build(CommandContext context)
    {
        var clean = new Option<bool>("--clean")
        {
            Description = "End the processes that dead runs of this user have left, and remove their runtime folders. Running trees and other programs are left alone.",
        };
        var json = JsonOption.Create();
        var command = new Command("doctor", "Check the machine, the configuration and its tree, and show the command that mends what is wrong.") { clean, json };

        command.SetAction((parsed, cancellationToken) =>
            RunAsync(context, context.TryLocationOf(parsed), parsed.GetValue(clean), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, TreeLocation? location, bool clean, bool json, CancellationToken cancellationToken)
    {
        var (facts, spec) = location is null ? (null, null) : await ReadTreeAsync(context, location, cancellationToken);
        var trees = await KnownTree.FindAsync(context.Time, cancellationToken);
        var cleaned = clean ? await DeadRun.CleanAsync(trees, context.Time, cancellationToken) : null;
        var left = trees.Where(tree => !tree.IsLive && Directory.Exists(tree.Runtime.Root)).Select(DeadRun.Read).ToArray();
        var own = location is null ? null : trees.FirstOrDefault(tree => tree.IsLive && tree.Runtime.Id == location.Runtime.Id);
        var machine = await MachineFacts.ReadAsync(context.Time, cancellationToken);

        IReadOnlyList<Finding> findings =
        [
            .. MachineChecks.Of(machine, own?.Launches.Select(host => host.Launch.KillRung).FirstOrDefault()),
            .. facts is null ? [] : TreeChecks.Of(facts),
            .. spec is null ? [] : PortChecks.Of(PortFact.Read(spec, location!.Runtime.Id, trees)),
            .. LeftoverChecks.Of(left),
            .. location is null ? [] : ToolChecks.Of(ToolFacts.Read(Path.GetDirectoryName(location.ConfigPath)!, spec?.Watcher.Backend == WatchBackend.Watchman, context.Time)),
        ];
        var isOk = findings.All(finding => finding.Severity != Severity.Mend) && cleaned is null or { Failures: [] };
        var report = new DoctorReport(isOk, location?.ConfigPath, own is not null, findings, cleaned);

        foreach (var line in json ? [report.ToJson()] : FindingLines.Of(report, new Palette(context.Screen.Coloured)))
            context.Screen.Out.WriteLine(line);

        return (int)(isOk ? ExitCode.Ok : ExitCode.Failed);
    }

    private static async Task<(TreeFacts Facts, TreeSpec? Spec)> ReadTreeAsync(CommandContext context, TreeLocation location, CancellationToken cancellationToken)
    {
        var read = ConfigurationFile.Read(location.ConfigPath);
        var spec = (read as ReadResult.Valid)?.Spec;

        try
        {
            await using var link = await context.TryConnectAsync(location, cancellationToken);

            if (link is null && !File.Exists(location.ConfigPath))
                throw new CommandFailure(ExitCode.BadConfig, $"{location.ConfigPath} does not exist, and no tree is running for it.");

            var edit = link is null || spec is null ? null : await EditedConfiguration.TextAsync(link, cancellationToken);
            return (new TreeFacts(location.ConfigPath, read.MistakeLines, Problem: null, edit, link?.InitialStatus), spec);
        }
        catch (CommandFailure failure) when (failure.ExitCode == ExitCode.Failed)
        {
            // A parent that hangs is a finding.
            return (new TreeFacts(location.ConfigPath, read.MistakeLines, failure.Message, Edit: null, Board: null, TreeAddress.TryRead(location.Runtime.Address)?.ParentPid), spec);
        }
    }
}
