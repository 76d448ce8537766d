namespace Supervisor.Configuration.Text;

/// <summary>A JSON value with its position, so that a mistake found later can be located.</summary>
internal abstract record ConfigNode(string Path, TextPosition At)
{
    /// <summary>The kind of value, as text that follows "but is".</summary>
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

    /// <param name="Whole">null: it is not a whole number of 64 bits.</param>
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

/// <param name="At">Position of the name.</param>
internal sealed record Member(string Name, TextPosition At, ConfigNode Value);
