using System.Globalization;

namespace Supervisor.Puppet;

/// <summary>What the puppet was asked to do; see <see cref="Usage"/>.</summary>
internal sealed record PuppetOptions
{
    public const string Usage = """
        --port P              serve HTTP on 127.0.0.1:P (0: a free one, printed as "listening on P")
        --port-env            take the port from the environment variable PORT
        --serve FOLDER        what to answer: a line "FILE=CONTENT" for each *.txt as it is at the start, then a line "pid N"
        --sources EXTENSION   with --serve: speak the servers' protocol of the stress harness about these files instead (see ServedSources)
        --reload-on-hup       with --sources: read them again on SIGHUP
        --ready-after TIME    listen only then
        --requests FILE       append the first line of each request to it, before the answer
        --sick-while FILE     answer 503 while it exists
        --notify FILE         send its content to NOTIFY_SOCKET whenever it changes
        --print TEXT          say so first (any number of times)
        --exit-after TIME     end by itself then; --exit-code N (0)
        --die-by SIGNAL       end by that signal: then, or at once without --exit-after
        --ignore-sigterm      does what it says
        --double-fork         leave a grandchild in a session of its own that ignores SIGTERM
        --fork N              have N descendants that ignore SIGTERM
        --close-output        close standard output and error, run on
        --hold-stdout         a grandchild holds standard output open
        --leak MB             per second
        --spam LINES          per second
        --no-newline BYTES    print so many without a line end
        --stamp FILE          first act: append "MONOTONIC_NANOSECONDS PID"
        --temp-file           keep a file in the temporary folder, removed at an orderly end
        --ttl TIME            end by itself at the latest then (10m)
        """;

    public int? Port { get; init; }
    public string? Serve { get; init; }
    public string? Sources { get; init; }
    public bool ReloadOnHup { get; init; }
    public TimeSpan ReadyAfter { get; init; }
    public string? Requests { get; init; }
    public string? SickWhile { get; init; }
    public string? Notify { get; init; }
    public IReadOnlyList<string> Print { get; init; } = [];
    public TimeSpan? ExitAfter { get; init; }
    public int ExitCode { get; init; }
    public int? DieBy { get; init; }
    public bool IgnoreSigterm { get; init; }
    public bool DoubleFork { get; init; }
    public int Fork { get; init; }
    public bool CloseOutput { get; init; }
    public bool HoldStdout { get; init; }
    public double LeakMegabytes { get; init; }
    public double SpamLines { get; init; }
    public long NoNewline { get; init; }
    public string? Stamp { get; init; }
    public bool TempFile { get; init; }
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromMinutes(10);

    /// <exception cref="FormatException">Something in it makes no sense.</exception>
    public static PuppetOptions Parse(string[] arguments)
    {
        var options = new PuppetOptions();
        var rest = new Queue<string>(arguments);
        while (rest.TryDequeue(out var name))
            options = options.With(name, rest);
        return options;
    }

    private PuppetOptions With(string name, Queue<string> rest)
    {
        string Value() => rest.TryDequeue(out var value) ? value : throw new FormatException($"{name} wants a value.\n{Usage}");

        return name switch
        {
            "--port" => this with { Port = Whole(Value()) },
            "--port-env" => this with { Port = Whole(Environment.GetEnvironmentVariable("PORT") ?? throw new FormatException("PORT is not set.")) },
            "--serve" => this with { Serve = Value() },
            "--sources" => this with { Sources = Value() },
            "--reload-on-hup" => this with { ReloadOnHup = true },
            "--ready-after" => this with { ReadyAfter = Time(Value()) },
            "--requests" => this with { Requests = Value() },
            "--sick-while" => this with { SickWhile = Value() },
            "--notify" => this with { Notify = Value() },
            "--print" => this with { Print = [.. Print, Value()] },
            "--exit-after" => this with { ExitAfter = Time(Value()) },
            "--exit-code" => this with { ExitCode = Whole(Value()) },
            "--die-by" => this with { DieBy = SignalNumbers.Parse(Value()) },
            "--ignore-sigterm" => this with { IgnoreSigterm = true },
            "--double-fork" => this with { DoubleFork = true },
            "--fork" => this with { Fork = Whole(Value()) },
            "--close-output" => this with { CloseOutput = true },
            "--hold-stdout" => this with { HoldStdout = true },
            "--leak" => this with { LeakMegabytes = Number(Value()) },
            "--spam" => this with { SpamLines = Number(Value()) },
            "--no-newline" => this with { NoNewline = (long)Number(Value()) },
            "--stamp" => this with { Stamp = Value() },
            "--temp-file" => this with { TempFile = true },
            "--ttl" => this with { TimeToLive = Time(Value()) },
            _ => throw new FormatException($"'{name}' is not known.\n{Usage}"),
        };
    }

    private static TimeSpan Time(string text) => text switch
    {
        _ when text.EndsWith("ms", StringComparison.Ordinal) => TimeSpan.FromMilliseconds(Number(text[..^2])),
        _ when text.EndsWith('s') => TimeSpan.FromSeconds(Number(text[..^1])),
        _ when text.EndsWith('m') => TimeSpan.FromMinutes(Number(text[..^1])),
        _ => throw new FormatException($"'{text}' is no time; write 300ms, 5s or 2m."),
    };

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
