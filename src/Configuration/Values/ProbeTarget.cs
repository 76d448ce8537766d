using System.Globalization;
using System.Text.RegularExpressions;

namespace Supervisor.Configuration.Values;

/// <summary>Parses the targets of readiness probes: URL, address and pattern.</summary>
internal static class ProbeTarget
{
    public const int MaxPort = 65_535;

    public static Parsed<Uri> Url(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0
            ? Parsed.Ok(url)
            : Parsed.Wrong<Uri>("must be a URL such as \"http://127.0.0.1:8000/health\"");

    /// <summary><c>host:port</c>, <c>[::1]:port</c> or <c>port</c> alone, which means localhost.</summary>
    public static Parsed<(string Host, int Port)> Tcp(string text)
    {
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? "localhost" : text[..colon].TrimStart('[').TrimEnd(']');

        return IsPort(text[(colon + 1)..], out var port) && Uri.CheckHostName(host) != UriHostNameType.Unknown
            ? Parsed.Ok((host, port))
            : Parsed.Wrong<(string, int)>($"must be \"host:port\" or a port from 1 to {MaxPort}, such as \"127.0.0.1:5432\"");
    }

    /// <summary>Such as <c>200-399,401</c>.</summary>
    public static Parsed<IReadOnlyList<StatusRange>> Statuses(string text)
    {
        var ranges = text.Split(',').Select(part => Range(part.Trim())).ToArray();

        return ranges.Contains(null)
            ? Parsed.Wrong<IReadOnlyList<StatusRange>>("must be statuses from 100 to 599, such as \"200-399,401\"")
            : Parsed.Ok<IReadOnlyList<StatusRange>>([.. ranges.OfType<StatusRange>()]);
    }

    private static StatusRange? Range(string text)
    {
        var (first, last) = text.Split('-') switch
        {
            [var one] => (Status(one), Status(one)),
            [var least, var most] => (Status(least.Trim()), Status(most.Trim())),
            _ => (null, null),
        };

        return first is { } from && last is { } to && from <= to ? new StatusRange(from, to) : null;
    }

    private static int? Status(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 100 and <= 599 ? status : null;

    public static Parsed<string> Pattern(string text)
    {
        try
        {
            // Only a check: the host compiles its own.
            _ = new Regex(text, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
            return Parsed.Ok(text);
        }
        catch (ArgumentException e)
        {
            return Parsed.Wrong<string>($"is not a regular expression: {e.Message}");
        }
    }

    private static bool IsPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= MaxPort;
}
