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

    /// <summary><c>host:port</c>, <c>[::1]:port</c> or <c>port</c> alone.</summary>
    public static Parsed<(string Host, int Port)> Tcp(string text)
    {
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? "127.0.0.1" : text[..colon].TrimStart('[').TrimEnd(']');

        return IsPort(text[(colon + 1)..], out var port) && Uri.CheckHostName(host) != UriHostNameType.Unknown
            ? Parsed.Ok((host, port))
            : Parsed.Wrong<(string, int)>($"must be \"host:port\" or a port from 1 to {MaxPort}, such as \"127.0.0.1:5432\"");
    }

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
