using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace Supervisor.Cli.Connection;

/// <summary>
/// Brings up a parent and waits for its first line. The parent makes a session of its own and leaves its streams by itself. They are pipes to
/// us and never our own streams: the .NET runtime keeps copies of the descriptors it was born with, and whoever reads our output would
/// otherwise wait for the parent's end.
/// </summary>
internal static class ParentLauncher
{
    private const string Executable = "supervisor-parent";

    private const int LastWords = 20;

    /// <summary>
    /// For a parent that has just been launched to say that it is up, and to answer. It may adopt many hosts or wait for a slow disk, and all its children
    /// start at this moment; as a rule it answers in a fraction of a second.
    /// </summary>
    public static readonly TimeSpan UpDeadline = TimeSpan.FromSeconds(30);

    /// <returns>The parent's process, which is up and answers on its control pipe.</returns>
    public static async Task<Process> LaunchAsync(
        Checkout checkout, bool owned, bool autostart, TimeProvider time, CancellationToken cancellationToken)
    {
        var lastWords = new ConcurrentQueue<string>();
        var process = Spawn(lastWords, [
            "--config", checkout.ConfigPath, .. owned ? ["--owned"] : Array.Empty<string>(), .. autostart ? Array.Empty<string>() : ["--no-autostart"],
        ]);

        using var deadline = new CancellationTokenSource(UpDeadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);

        try
        {
            var line = await process.StandardOutput.ReadLineAsync(either.Token);
            return Failure(line, [.. lastWords], checkout) is { } failure ? throw failure : process;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new CommandFailure(
                ExitCode.Failed, $"The parent (pid {process.Id}) did not come up within {UpDeadline.TotalSeconds:0} s; its log is in {Logs(checkout)}.");
        }
    }

    /// <returns>null when the line says that the parent is up.</returns>
    /// <param name="lastWords">What it wrote to its error stream.</param>
    internal static CommandFailure? Failure(string? line, IReadOnlyList<string> lastWords, Checkout checkout)
    {
        if (line is null)
            return new CommandFailure(ExitCode.Failed, $"The parent ended before it was up; its log is in {Logs(checkout)}.", lastWords);

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

    private static Process Spawn(ConcurrentQueue<string> lastWords, IReadOnlyList<string> arguments)
    {
        var path = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? Executable + ".exe" : Executable);
        var start = new ProcessStartInfo(path, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };

        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            process.ErrorDataReceived += (_, line) => Keep(lastWords, line.Data);
            process.BeginErrorReadLine();
            return process;
        }
        catch (Win32Exception e)
        {
            throw new CommandFailure(ExitCode.Failed, $"{path} cannot be started: {e.Message}", inner: e);
        }
    }

    private static void Keep(ConcurrentQueue<string> lastWords, string? line)
    {
        if (line is not null)
            lastWords.Enqueue(line);

        if (lastWords.Count > LastWords)
            lastWords.TryDequeue(out _);
    }

    private static string Logs(Checkout checkout) => Path.Combine(checkout.Runtime.StateRoot, "processes");
}
