using System.CommandLine;
using Supervisor.Cli.Commands;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Rendering;
using Supervisor.Configuration;

namespace Supervisor.Cli.Init;

/// <summary><c>init</c>: writes a configuration from the process files and programs that a project has. Starts nothing.</summary>
internal static class InitCommand
{
    private const string Example = """{ "services": { "web": { "command": ["node", "server.js"], "port": 3000, "watch": {} } } }""";

    public static Command Build(CommandContext context)
    {
        var from = new Option<string[]>("--from")
        {
            Description = "Read this file, whatever else there is; may be given several times. Of two services of one name, that of the first file counts.", HelpName = "FILE",
        };
        var force = new Option<bool>("--force") { Description = "Write the file anew if it exists; nothing of it is kept." };
        var print = new Option<bool>("--print") { Description = "Print the configuration, and write nothing." };
        var json = JsonOption.Create();
        var command = new Command("init", "Write a commented supervisor.json from the Procfile, the compose file, package.json or what else the project has.") { from, force, print, json };

        command.SetAction(parsed =>
        {
            var target = Path.GetFullPath(parsed.GetValue(context.File) ?? ConfigurationFile.Name);
            return Run(context.Screen, target, parsed.GetValue(from) ?? [], parsed.GetValue(force), parsed.GetValue(print), parsed.GetValue(json));
        });
        return command;
    }

    private static int Run(Screen screen, string target, string[] named, bool force, bool print, bool json)
    {
        var folder = Path.GetDirectoryName(target)!;

        if (!Directory.Exists(folder))
            throw new CommandFailure(ExitCode.Failed, $"{folder} does not exist, and nothing was written; create it first.");

        if (!print && !force && Path.Exists(target))
            throw new CommandFailure(ExitCode.Failed, $"{target} exists already, and nothing was written. --force writes it anew and keeps nothing of it; --print only shows what would be written.");

        var made = Make(folder, named);
        var mistakes = print ? MistakesOf(made.Text, folder, target, put: null) : MistakesOf(made.Text, folder, target, put: temporary => Put(temporary, target, force));
        var report = new InitReport(
            target, !print, made.Used, made.Choice.Unused, [.. made.Joined.Services.Select(service => new WrittenService(service.Name, service.Place.File, Line(service.Place)))],
            [.. made.Joined.Remarks.Select(it => new LostPart(it.Service, it.Remark.Place.File, Line(it.Remark.Place), it.Remark.Text))], mistakes, made.Text);

        Show(report, screen, json);
        return (int)(mistakes.Count == 0 ? ExitCode.Ok : ExitCode.Failed);
    }

    private static (IReadOnlyList<string> Used, SourceChoice Choice, JoinedServices Joined, string Text) Make(string folder, string[] named)
    {
        string[] relative = [.. named.Select(file => Path.GetRelativePath(folder, Path.GetFullPath(file)).Replace('\\', '/')).Distinct(StringComparer.Ordinal)];

        foreach (var file in relative.Where(file => !File.Exists(Path.Combine(folder, file))))
            throw new CommandFailure(ExitCode.Failed, Directory.Exists(Path.Combine(folder, file)) ? $"{file} is a folder; --from wants a file in it." : $"{file} does not exist; --from wants a file.");

        try
        {
            var files = ProjectFolder.Read(folder, relative);

            if (relative.FirstOrDefault(file => !files.Texts.ContainsKey(file)) is { } unreadable)
                throw new CommandFailure(ExitCode.Failed, $"{unreadable} cannot be read, or is larger than 1 MiB.");

            var choice = relative.Length > 0 ? SourceChoice.Named(files, relative) : SourceChoice.Of(files);
            var found = choice.Used.Select(it => it.Format.Read(files, it.File)).ToArray();
            var joined = JoinedServices.Of(found, areNamed: relative.Length > 0);

            string[] used = [.. found.Where(file => file.Services.Count > 0).Select(file => file.File)];

            return joined.Services.Count > 0
                ? (used, choice, joined, CommentedJson.Of(joined, used, choice.Unused))
                : throw Nothing(folder, choice, joined);
        }
        catch (UnreadableSourceException wrong)
        {
            throw new CommandFailure(ExitCode.Failed, wrong.Message, ["Nothing was written. Mend it, or name another file with --from FILE."], wrong);
        }
    }

    private static CommandFailure Nothing(string folder, SourceChoice choice, JoinedServices joined) => choice.Used.Count > 0
        ? new CommandFailure(ExitCode.Failed, $"No service was found in {string.Join(", ", choice.Used.Select(it => it.File))}; nothing was written.", [.. joined.Remarks.Select(it => it.Remark.ToString())])
        : new CommandFailure(ExitCode.Failed, $"Nothing was found in {folder} from which a configuration could be made; nothing was written.",
        [
            $"Looked for: {string.Join(", ", SourceFormats.All.Select(format => format.Names))}.",
            "supervisor init --from FILE reads a file of these kinds that has another name or lies elsewhere.",
            $"By hand, {ConfigurationFile.Name} begins with: {Example}",
        ]);

    /// <summary>The configuration as a file beside its place, so that paths mean the same; then it is put there, or removed.</summary>
    private static IReadOnlyList<string> MistakesOf(string text, string folder, string target, Action<string>? put)
    {
        var temporary = Path.Combine(put is null ? Path.GetTempPath() : folder, $".{Path.GetFileName(target)}.{Environment.ProcessId}.tmp");

        try
        {
            File.WriteAllText(temporary, text);
            var mistakes = ConfigurationFile.Read(temporary) is ReadResult.Invalid invalid ? invalid.Mistakes : [];
            put?.Invoke(temporary);
            return [.. mistakes.Select(mistake => (mistake with { File = target }).ToString())];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Failed, $"{target} cannot be written: {failure.Message}", inner: failure);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static void Put(string temporary, string target, bool force)
    {
        if (Directory.Exists(target))
            throw new CommandFailure(ExitCode.Failed, $"{target} is a folder; name a file with --file.");

        File.Move(temporary, target, overwrite: force);
    }

    private static int? Line(SourcePlace place) => place.Line == 0 ? null : place.Line;

    private static void Show(InitReport report, Screen screen, bool json)
    {
        var palette = new Palette(screen.Coloured);
        var remarks = report.Written ? screen.Out : screen.Error;

        if (json)
        {
            screen.Out.WriteLine(report.ToJson());
            return;
        }

        if (report.Written)
            screen.Out.WriteLine($"{report.Config}: {Wording.Count(report.Services.Count, "service")} from {string.Join(", ", report.Used)}: {string.Join(", ", report.Services.Select(service => service.Name))}");
        else
            screen.Out.Write(report.Text);

        if (report.Unused.Count > 0)
            remarks.WriteLine($"Found, but not used: {string.Join(", ", report.Unused)}. --from FILE chooses, and may be given several times.");

        if (report.NotCarriedOver.Count > 0)
            remarks.WriteLine("Not carried over:");

        foreach (var lost in report.NotCarriedOver)
            remarks.WriteLine($"  {new SourcePlace(lost.File, lost.Line ?? 0)}: {(lost.Service is null ? "" : lost.Service + ": ")}{lost.Text}");

        foreach (var mistake in report.Mistakes)
            screen.Error.WriteLine(palette.Bad($"to mend: {mistake}"));

        if (report.Written && report.Mistakes.Count == 0)
            screen.Out.WriteLine("Look it over; then \"supervisor check\" and \"supervisor start\".");
    }
}
