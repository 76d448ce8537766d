using System.Globalization;
using System.Runtime.InteropServices;

namespace Supervisor.Puppet;

/// <summary>
/// A dev server as the stress harness wants it: <c>GET /</c> tells pid and digest of the sources that it has read, <c>GET /manifest</c> all of them, and
/// <c>POST /fault/exit?code=N</c>, <c>/fault/leak?mb=N</c> (per second) and <c>/fault/fork</c> make it misbehave, answered first.
/// </summary>
internal sealed class ServedSources : IServed
{
    private static readonly TimeSpan GrandchildLife = TimeSpan.FromMinutes(10);

    private readonly string _folder;
    private readonly string _extension;
    private readonly CancellationToken _stopping;
    private readonly PosixSignalRegistration? _hangUp;
    private SourceListing _listing;
    private Task _leaking = Task.CompletedTask;

    public ServedSources(string folder, string extension, bool reloadOnHup, CancellationToken stopping)
    {
        (_folder, _extension, _stopping) = (folder, extension, stopping);
        _hangUp = reloadOnHup ? PosixSignalRegistration.Create(PosixSignal.SIGHUP, ReadAgain) : null;
        _listing = SourceListing.Read(folder, extension);
    }

    public Answer Answer(string request)
    {
        var target = request.Split(' ') is [_, var path, ..] ? path : "";
        var number = int.TryParse(target[(target.IndexOf('=', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture, out var given) ? given : 0;
        var listing = Volatile.Read(ref _listing);
        return target.Split('?')[0] switch
        {
            "/" => Puppet.Answer.Ok(string.Create(CultureInfo.InvariantCulture, $"pid {Environment.ProcessId}\ndigest {listing.Digest}\n")),
            "/manifest" => Puppet.Answer.Ok(listing.Text),
            "/fault/exit" => Yes(() => Environment.Exit(number)),
            "/fault/leak" => Yes(() => _leaking = Acts.LeakAsync(number, _stopping)),
            "/fault/fork" => Yes(() => Offspring.LeaveGrandchild(GrandchildLife)),
            _ => new Answer("404 Not Found", "", () => { }),
        };
    }

    public async ValueTask DisposeAsync()
    {
        _hangUp?.Dispose();
        await _leaking;
    }

    private static Answer Yes(Action then) => new("204 No Content", "", then);

    private void ReadAgain(PosixSignalContext signal)
    {
        signal.Cancel = true;

        // Two signals close together must not leave the older reading.
        lock (_folder)
            Volatile.Write(ref _listing, SourceListing.Read(_folder, _extension));
    }
}
