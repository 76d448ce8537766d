using System.Buffers;
using Supervisor.Configuration.Text;
using Supervisor.Configuration.Values;

namespace Supervisor.Configuration.Sections;

/// <summary>What goes with <c>http</c> in <c>ready</c> or <c>health</c>: the accepted statuses and the headers of the request.</summary>
internal static class HttpReader
{
    private static readonly string[] Concerned = ["status", "headers"];

    /// <summary>Of the framing of a request; the probe's own is a GET without content on one connection.</summary>
    private static readonly string[] Reserved = ["Connection", "Content-Length", "Transfer-Encoding"];

    /// <summary>Those of a token (RFC 9110, section 5.6.2).</summary>
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public static ReadySpec Read(SectionReader section, Uri url, TimeSpan timeout)
    {
        if (url.Scheme != "http")
            Refuse(section, "has no effect with https, where an accepted connection is enough");

        return new ReadySpec.Http(url, timeout) { Statuses = Statuses(section), Headers = Headers(section) };
    }

    /// <summary>For a section that names no URL.</summary>
    public static void RefuseWithoutUrl(SectionReader section)
    {
        if (section.Node("http") is null)
            Refuse(section, "needs \"http\"");
    }

    private static void Refuse(SectionReader section, string why)
    {
        foreach (var key in Concerned.Where(key => section.Node(key) is not null))
            section.Mistakes.Add(section.Node(key)!.Path, section.At(key), why);
    }

    private static IReadOnlyList<StatusRange>? Statuses(SectionReader section) =>
        section.Node("status") is { } node && SectionReader.Read(ProbeReader.Written(node), ProbeTarget.Statuses, section.Mistakes) is { IsValid: true } read ? read.Value : null;

    private static SortedDictionary<string, string>? Headers(SectionReader section)
    {
        if (section.Node("headers") is not { } node || SectionReader.Expect<ConfigNode.Section>(node, "an object such as {\"Host\": \"shop.test\"}", section.Mistakes) is not { } headers)
            return null;

        var read = new SortedDictionary<string, string>(StringComparer.Ordinal);

        foreach (var header in headers.Members)
        {
            if (header.Name.Length == 0 || header.Name.AsSpan().ContainsAnyExcept(NameCharacters))
                section.Mistakes.Add(header.Value.Path, header.At, "is not a name of a header");
            else if (Reserved.Contains(header.Name, StringComparer.OrdinalIgnoreCase))
                section.Mistakes.Add(header.Value.Path, header.At, "is no header of a probe: it is a GET without content, on a connection of its own");
            else if (SectionReader.Read(header.Value, HeaderValue, section.Mistakes) is { IsValid: true } value)
                read[header.Name] = value.Value;
        }

        return read;
    }

    private static Parsed<string> HeaderValue(string text) =>
        text.Any(char.IsControl) ? Parsed.Wrong<string>("must not contain line ends or other control characters") : Parsed.Ok(text);
}
