using System.Text;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Output;

/// <summary>The tone of a host's own line, from how it begins. Pure.</summary>
internal static class HostLineTone
{
    private static readonly (byte[] Start, Tone Tone)[] Starts =
    [
        (Encoding.UTF8.GetBytes(HostLines.Reloaded), Tone.Warning),
        (Encoding.UTF8.GetBytes(HostLines.Good), Tone.Good),
        (Encoding.UTF8.GetBytes(HostLines.Warning), Tone.Warning),
        (Encoding.UTF8.GetBytes(HostLines.Bad), Tone.Bad),
    ];

    public static Tone Of(ReadOnlySpan<byte> line)
    {
        foreach (var (start, tone) in Starts)
        {
            if (line.StartsWith(start))
                return tone;
        }

        return Tone.Plain;
    }
}
