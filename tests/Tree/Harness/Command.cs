using System.Diagnostics;
using System.Text;

namespace Supervisor.Tree.Harness;

/// <summary>The exit code and output of a finished command.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Errors)
{
    public override string ToString() => $"exit {ExitCode}\n--- stdout\n{Output}\n--- stderr\n{Errors}";
}

/// <summary>A command that runs during the test; collects everything it prints. Disposing kills it.</summary>
internal sealed class Command : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly Task _collected;

    private Command(Process process)
    {
        _process = process;
        _collected = Task.WhenAll(CollectAsync(process.StandardOutput, _output), CollectAsync(process.StandardError, _errors));
    }

    public int Pid => _process.Id;

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public string Errors
    {
        get
        {
            lock (_errors)
                return _errors.ToString();
        }
    }

    public static Command Start(
        string file, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string?> environment)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        var process = Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start");
        return new Command(process);
    }

    public void Type(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    public static Task<CommandResult> RunAsync(
        string file, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string?> environment, TimeSpan deadline) =>
        ForeignProgram.RunAsync(
            CliWrap.Cli.Wrap(file).WithArguments(arguments).WithWorkingDirectory(folder).WithEnvironmentVariables(environment),
            Encoding.UTF8, deadline, CancellationToken.None);

    public async Task<CommandResult> FinishAsync(TimeSpan deadline)
    {
        using var late = new CancellationTokenSource(deadline);
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync(late.Token);
            await _collected.WaitAsync(late.Token);
        }
        catch (OperationCanceledException cancelled) when (late.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"{_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)} was not done within {deadline}:\n{Output}\n{Errors}",
                cancelled);
        }

        return new CommandResult(_process.ExitCode, Output, Errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();

        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private static async Task CollectAsync(StreamReader from, StringBuilder to)
    {
        var buffer = new char[4096];
        while (await from.ReadAsync(buffer) is > 0 and var count)
        {
            lock (to)
                to.Append(buffer, 0, count);
        }
    }
}
