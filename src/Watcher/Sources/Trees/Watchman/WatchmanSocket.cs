using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace Supervisor.Watcher.Sources.Trees.Watchman;

/// <summary>
/// Finds the socket of a Watchman server: <c>$WATCHMAN_SOCK</c>, else what the <c>watchman</c> command says. No server is started: it would be a separate
/// service that outlives us, and belongs to its user.
/// </summary>
internal static class WatchmanSocket
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <exception cref="WatchmanException">No server is available.</exception>
    public static async Task<string> FindAsync(CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable("WATCHMAN_SOCK") is { Length: > 0 } named)
            return named;

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);

        try
        {
            return SocketIn(await AskAsync(deadline.Token));
        }
        catch (Exception exception) when (exception is Win32Exception or IOException)
        {
            throw new WatchmanException("there is no watchman command; install it, or set \"backend\": \"auto\"", exception);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new WatchmanException($"the watchman command did not answer within {Deadline.TotalSeconds:0} s");
        }
    }

    private static async Task<string> AskAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("watchman", ["--no-spawn", "--no-pretty", "get-sockname"])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };

        using var command = Process.Start(start) ?? throw new IOException("not started");

        try
        {
            var message = command.StandardError.ReadToEndAsync(cancellationToken);
            var answer = await command.StandardOutput.ReadToEndAsync(cancellationToken);
            await message;
            await command.WaitForExitAsync(cancellationToken);
            return answer;
        }
        finally
        {
            if (!command.HasExited)
                command.Kill(entireProcessTree: true);
        }
    }

    private static string SocketIn(string answer)
    {
        try
        {
            using var parsed = JsonDocument.Parse(answer);

            // Newer versions say "unix_domain" as well; "sockname" means the same on Linux.
            if (parsed.RootElement.ValueKind == JsonValueKind.Object
                && parsed.RootElement.TryGetProperty("sockname", out var name) && name.GetString() is { Length: > 0 } socket)
            {
                return socket;
            }
        }
        catch (JsonException)
        {
            // As if it had said nothing.
        }

        throw new WatchmanException("the watchman command does not say where its server listens (watchman get-sockname)");
    }
}
