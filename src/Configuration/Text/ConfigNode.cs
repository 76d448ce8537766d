namespace Supervisor.Configuration.Text;

/// <summary>A JSON value with its position, so that a mistake found later can be located.</summary>
internal abstract record ConfigNode(string Path, TextPosition At)
{
    /// <summary>Its kind, to follow "must be …"; empty where the value itself shows it.</summary>
    public abstract string ButIs { get; }

    internal sealed record Section(string Path, TextPosition At, IReadOnlyList<Member> Members) : ConfigNode(Path, At)
    {
        public override string ButIs => ", but is an object";
    }

    internal sealed record List(string Path, TextPosition At, IReadOnlyList<ConfigNode> Items) : ConfigNode(Path, At)
    {
        public override string ButIs => ", but is a list";
    }

    internal sealed record Text(string Path, TextPosition At, string Value) : ConfigNode(Path, At)
    {
        public override string ButIs => ", but is a text";
    }

    /// <param name="Whole">null: it is not a whole number of 64 bits.</param>
    /// <param name="Written">As it stands in the file.</param>
    internal sealed record Number(string Path, TextPosition At, long? Whole, string Written) : ConfigNode(Path, At)
    {
        public override string ButIs => ", but is a number";
    }

    internal sealed record Boolean(string Path, TextPosition At, bool Value) : ConfigNode(Path, At)
    {
        public override string ButIs => "";
    }

    internal sealed record Null(string Path, TextPosition At) : ConfigNode(Path, At)
    {
        public override string ButIs => "";
    }
}

/// <param name="At">Position of the name.</param>
internal sealed record Member(string Name, TextPosition At, ConfigNode Value);
