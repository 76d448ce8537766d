using System.CommandLine;
using System.CommandLine.Parsing;
using Supervisor.Cli.Commands;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Foreground;
using Supervisor.Cli.Output;
using Supervisor.Configuration;

namespace Supervisor.Cli.Running;

/// <summary><c>run</c>: a command without a configuration, or a task of one to its end.</summary>
internal static class RunCommand
{
    public const string Name = "run";

    public static Command Build(CommandContext context)
    {
        var words = ServiceArgument.Any("A task of supervisor.json, which is run to its end; or, after --, a command.", "TASK | -- COMMAND");
        var watch = new Option<string[]>("--watch", "-w") { Description = "Watch this folder or file instead of the working directory; may be given several times.", HelpName = "PATH", DefaultValueFactory = _ => [] };
        var extensions = new Option<string[]>("--ext", "-e") { Description = "Only files with these extensions count, for example py,html.", HelpName = "LIST", DefaultValueFactory = _ => [] };
        var ignore = new Option<string[]>("--ignore", "-i") { Description = "Files that match do not count; may be given several times.", HelpName = "GLOB", DefaultValueFactory = _ => [] };
        var debounce = DurationOption.Create("--debounce", "Wait for so long after a change, for example 500ms.");
        var signal = new Option<string>("--signal") { Description = "Stop the command with this signal before each reload, and at the end; default: TERM.", HelpName = "NAME" };
        var check = new Option<string>("--check") { Description = "Run this before each reload; if it fails, the old process keeps running.", HelpName = "COMMAND" };
        var save = new Option<string>("--save") { Description = "Do not run it: add it to supervisor.json as a service of this name.", HelpName = "NAME" };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Show what happens to the process, not what it prints." };
        var timestamps = new Option<bool>("--timestamps", "-t") { Description = "Begin every line with its time." };
        Option[] ofCommands = [watch, extensions, ignore, debounce, signal, check, save];
        var command = new Command(Name, "Run a command and reload it when a file is saved, without supervisor.json; or run a task of supervisor.json to its end.")
        {
            words, watch, extensions, ignore, debounce, signal, check, save, quiet, timestamps,
        };

        command.SetAction((parsed, cancellationToken) =>
        {
            var program = parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).Skip(1).Select(token => token.Value).ToArray();
            var names = (parsed.GetValue(words) ?? [])[..^program.Length];
            var view = new ViewOptions(parsed.GetValue(timestamps) ? LineTimes.All : LineTimes.Own, parsed.GetValue(quiet) ? ShownLines.Own : ShownLines.All, IsPlain: program.Length > 0);

            if (program.Length == 0)
                return RunTaskAsync(context, parsed, TaskIn(names, ofCommands.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false })), view, cancellationToken);

            if (names.Length > 0)
                throw Misused($"Write -- before the whole command: supervisor run -- {string.Join(' ', names.Concat(program))}");

            var folder = Environment.CurrentDirectory;
            var settings = new RunSettings(
                program, folder, [.. parsed.GetValue(watch)!.Select(Watched)], [.. parsed.GetValue(extensions)!.SelectMany(Extensions)], parsed.GetValue(ignore)!,
                parsed.GetResult(debounce) is { Implicit: false } ? parsed.GetValue(debounce) : null, parsed.GetValue(signal), parsed.GetValue(check));

            return parsed.GetValue(save) is { } name
                ? Task.FromResult(Save(context, parsed, settings, name))
                : RunCommandAsync(context, settings, view, cancellationToken);
        });
        return command;
    }

    private static string TaskIn(string[] names, Option? ofCommands) => names switch
    {
        [] => throw Misused("Write the command after --, such as: supervisor run -- node server.js; or name a task of supervisor.json."),
        [_] when ofCommands is not null => throw Misused($"{ofCommands.Name} is for a command after --; a task has its settings in supervisor.json."),
        [var name] => name,
        _ => throw Misused($"Write -- before the command: supervisor run -- {string.Join(' ', names)}"),
    };

    private static CommandFailure Misused(string message) => new(ExitCode.BadUsage, message, ["Try \"supervisor run --help\"."]);

    private static string Watched(string path) => Path.Exists(path)
        ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))
        : throw Misused($"--watch names {path}, which does not exist.");

    private static IEnumerable<string> Extensions(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(extension => extension.TrimStart('*').TrimStart('.'));

    private static async Task<int> RunTaskAsync(CommandContext context, ParseResult parsed, string asked, ViewOptions view, CancellationToken cancellationToken)
    {
        var location = context.LocationOf(parsed);
        await using var link = await ControlLink.TryConnectAsync(location, follows: true, SupervisorClient.ConnectDeadline, context.Time, cancellationToken);
        var task = (link?.Names ?? ServiceNames.Of(location.ReadConfiguration())).One(asked);

        return link is not null
            ? await new TaskRun(link, context.Screen, view, task, context.Time).RunAsync()
            : await StartCommand.RunAsync(context, location, new StartSelection([task], [], Alone: false), new ForegroundOptions(view, EndRule.NothingIsLeft, task), json: false, cancellationToken);
    }

    private static async Task<int> RunCommandAsync(CommandContext context, RunSettings settings, ViewOptions view, CancellationToken cancellationToken)
    {
        if (settings.Watched.Count == 0 && IsTooMuch(settings.Folder))
            throw Misused($"{settings.Folder} is too much to watch. Name what to watch with -w, or go to the folder of the project.");

        var text = settings.Configuration();
        var location = new TreeLocation(Path.Combine(RuntimeDirectory.FolderOfRun(text), ConfigurationFile.Name));

        if (location.Runtime.HasParent)
        {
            throw new CommandFailure(
                ExitCode.Failed, $"This very command already runs here. Its tree is that of {location.ConfigPath}: \"supervisor status --file FILE\" shows it, \"supervisor stop --file FILE\" stops it.");
        }

        Write(location.ConfigPath, text);

        if (ConfigurationFile.Read(location.ConfigPath) is ReadResult.Invalid { Mistakes: var mistakes })
            throw new CommandFailure(ExitCode.BadUsage, "This cannot be run:", [.. mistakes.Select(mistake => $"{mistake.Path.Replace($"services.{settings.Name}.", "", StringComparison.Ordinal)}: {mistake.Message}")]);

        return await StartCommand.RunAsync(
            context, location, new StartSelection([], [], Alone: false), new ForegroundOptions(view, EndRule.NothingIsLeft, CodeFrom: null), json: false, cancellationToken);
    }

    /// <summary>A home folder and the root hold more than one project.</summary>
    private static bool IsTooMuch(string folder) => folder == "/" || folder == Path.TrimEndingDirectorySeparator(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    private static void Write(string path, string text)
    {
        try
        {
            var folder = Path.GetDirectoryName(path)!;
            _ = OperatingSystem.IsWindows() ? Directory.CreateDirectory(folder) : Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            File.WriteAllText(path, text);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Failed, $"{path} cannot be written: {failure.Message}", inner: failure);
        }
    }

    private static int Save(CommandContext context, ParseResult parsed, RunSettings settings, string name)
    {
        var path = Path.GetFullPath(context.TryLocationOf(parsed)?.ConfigPath ?? parsed.GetValue(context.File) ?? ConfigurationFile.Name);
        SavedService.Add(path, name, settings.Members(Path.GetDirectoryName(path)!));
        context.Screen.Out.WriteLine($"{path} has {name} now; \"supervisor start {name}\" runs it.");
        return (int)ExitCode.Ok;
    }
}
