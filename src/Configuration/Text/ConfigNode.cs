namespace Supervisor.Configuration.Text;

/// <summary>A JSON value that knows where it stands, so that a mistake found later can still be pointed at.</summary>
internal abstract record ConfigNode(string Path, TextPosition At)
{
    /// <summary>What it is, in words that fit after "but is".</summary>
    public abstract string Kind { get; }

    internal sealed record Section(string Path, TextPosition At, IReadOnlyList<Member> Members) : ConfigNode(Path, At)
    {
        public override string Kind => "an object";
    }

    internal sealed record List(string Path, TextPosition At, IReadOnlyList<ConfigNode> Items) : ConfigNode(Path, At)
    {
        public override string Kind => "a list";
    }

    internal sealed record Text(string Path, TextPosition At, string Value) : ConfigNode(Path, At)
    {
        public override string Kind => "a text";
    }

    /// <param name="Whole">null when it is no whole number that fits.</param>
    internal sealed record Number(string Path, TextPosition At, long? Whole) : ConfigNode(Path, At)
    {
        public override string Kind => "a number";
    }

    internal sealed record Boolean(string Path, TextPosition At, bool Value) : ConfigNode(Path, At)
    {
        public override string Kind => Value ? "true" : "false";
    }

    internal sealed record Null(string Path, TextPosition At) : ConfigNode(Path, At)
    {
        public override string Kind => "null";
    }
}

/// <param name="At">Of the name.</param>
internal sealed record Member(string Name, TextPosition At, ConfigNode Value);
