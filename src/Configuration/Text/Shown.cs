namespace Supervisor.Configuration.Text;

/// <summary>A value as it stands in the file, for messages: on one line, and cut when it is long. Pure.</summary>
internal static class Shown
{
    public static string Of(ConfigNode node) => node is ConfigNode.Text text ? $"\"{Printable.Of(text.Value)}\"" : Printable.Of(Json(node));

    private static string Json(ConfigNode node) => node switch
    {
        ConfigNode.Text text => Quoted(text.Value),
        ConfigNode.Number number => number.Written,
        ConfigNode.List list => $"[{string.Join(", ", list.Items.Select(Json))}]",
        ConfigNode.Section section => $"{{{string.Join(", ", section.Members.Select(member => $"{Quoted(member.Name)}: {Json(member.Value)}"))}}}",
        ConfigNode.Boolean { Value: true } => "true",
        ConfigNode.Boolean => "false",
        _ => "null",
    };

    private static string Quoted(string text) => $"\"{text}\"";
}
