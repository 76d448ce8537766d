using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Supervisor.Processes;

namespace Supervisor.Cli.Connection;

/// <summary>
/// Starts a parent and waits for its startup line. The parent creates its own session and closes its standard streams itself. They are pipes to this
/// process and never its own streams: the .NET runtime keeps copies of inherited descriptors, so a reader of our output would otherwise wait until
/// the parent ends.
/// </summary>
internal static class ParentLauncher
{
    private const string Executable = "supervisor-parent";

    private const int MaxErrorLines = 20;

    /// <summary>
    /// Time for a new parent to report that it is up, and to answer. It may adopt many hosts or wait for a slow disk, and all its children start at
    /// the same time; usually it answers in a fraction of a second.
    /// </summary>
    public static readonly TimeSpan UpDeadline = TimeSpan.FromSeconds(30);

    /// <param name="columns">See <see cref="OutputVariables.TerminalVariable"/>.</param>
    /// <returns>The process of the parent, which is up and answers on its control pipe.</returns>
    public static async Task<Process> LaunchAsync(
        TreeLocation location, bool owned, bool autostart, string? columns, TimeProvider time, CancellationToken cancellationToken)
    {
        var errorLines = new ConcurrentQueue<string>();
        var process = Spawn(errorLines, columns, [
            "--config", location.ConfigPath, .. owned ? ["--owned"] : Array.Empty<string>(), .. autostart ? Array.Empty<string>() : ["--no-autostart"],
        ]);

        using var deadline = new CancellationTokenSource(UpDeadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);

        try
        {
            var line = await process.StandardOutput.ReadLineAsync(either.Token);
            return Failure(line, [.. errorLines], location) is { } failure ? throw failure : process;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new CommandFailure(
                ExitCode.Failed, $"The parent (pid {process.Id}) did not come up within {UpDeadline.TotalSeconds:0} s; its log is in {Logs(location)}.");
        }
    }

    /// <returns>null: the line reports that the parent is up.</returns>
    /// <param name="errorLines">The last lines of its standard error.</param>
    internal static CommandFailure? Failure(string? line, IReadOnlyList<string> errorLines, TreeLocation location)
    {
        if (line is null)
            return new CommandFailure(ExitCode.Failed, $"The parent ended before it was up; its log is in {Logs(location)}.", errorLines);

        try
        {
            return JsonSerializer.Deserialize(line, ContractJson.Default.StartupLine) switch
            {
                { Started: not null } => null,
                { Failed: { } failed } => new CommandFailure((ExitCode)failed.ExitCode, failed.Message, failed.Details),
                _ => new CommandFailure(ExitCode.Failed, $"The parent's first line says nothing: {line}"),
            };
        }
        catch (JsonException e)
        {
            return new CommandFailure(ExitCode.Failed, $"The parent's first line is not what it must be: {line}", inner: e);
        }
    }

    private static Process Spawn(ConcurrentQueue<string> errorLines, string? columns, IReadOnlyList<string> arguments)
    {
        var path = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? Executable + ".exe" : Executable);
        var start = new ProcessStartInfo(path, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };

        // Without one, that of a tree in whose service this command may run is removed.
        start.Environment[OutputVariables.TerminalVariable] = columns;

        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            process.ErrorDataReceived += (_, line) => Keep(errorLines, line.Data);
            process.BeginErrorReadLine();
            return process;
        }
        catch (Win32Exception e)
        {
            throw new CommandFailure(ExitCode.Failed, $"{path} cannot be started: {e.Message}", inner: e);
        }
    }

    private static void Keep(ConcurrentQueue<string> errorLines, string? line)
    {
        if (line is not null)
            errorLines.Enqueue(line);

        if (errorLines.Count > MaxErrorLines)
            errorLines.TryDequeue(out _);
    }

    private static string Logs(TreeLocation location) => Path.Combine(location.Runtime.StateRoot, "processes");
}
