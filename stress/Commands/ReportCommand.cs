using System.CommandLine;
using Supervisor.Stress.Invariants;
using Supervisor.Stress.Recording;
using Supervisor.Stress.Report;

namespace Supervisor.Stress.Commands;

/// <summary>Checks a stored record again and draws its report, also the record of a run that was killed.</summary>
internal static class ReportCommand
{
    public static Command Build()
    {
        var record = new Argument<FileInfo>("RECORD") { Description = "record.jsonl of an earlier run." };
        record.AcceptExistingOnly();
        var command = new Command("report", "Checks the record of an earlier run again and writes its report beside it.") { record };
        command.SetAction(parsed => WriteAsync(parsed.GetValue(record)!, parsed.InvocationConfiguration));
        return command;
    }

    private static async Task<int> WriteAsync(FileInfo record, InvocationConfiguration console)
    {
        try
        {
            RunEvent[] events = [.. RecordFile.Read(record.FullName)];
            var verdict = InvariantChecker.Check(events);
            var page = Path.Combine(record.DirectoryName!, "report.html");
            HtmlReport.Write(page, ReportModel.Of(events, verdict, record.Name));
            await console.Output.WriteLineAsync($"{verdict.Sentence}\n{page}");
            return (int)(verdict.Held ? ExitCode.Ok : ExitCode.Failed);
        }
        catch (Exception unreadable) when (unreadable is IOException or InvalidDataException)
        {
            await console.Error.WriteLineAsync(unreadable.Message);
            return (int)ExitCode.Failed;
        }
    }
}
