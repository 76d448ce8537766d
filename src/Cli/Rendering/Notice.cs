namespace Supervisor.Cli.Rendering;

/// <summary>One line of the command itself.</summary>
/// <param name="About">A service's name; any other name stands for the command itself.</param>
internal sealed record Notice(string About, IReadOnlyList<Notice.Part> Parts)
{
    private const string Separator = " · ";

    internal sealed record Part(string Text, Tone Tone);

    public Notice(string about, string text, Tone tone)
        : this(about, [new Part(text, tone)])
    {
    }

    public string Text => string.Join(Separator, Parts.Select(part => part.Text));

    public string Painted(Palette palette) => string.Join(Separator, Parts.Select(part => palette.Paint(part.Tone, part.Text)));
}
