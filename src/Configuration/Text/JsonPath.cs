namespace Supervisor.Configuration.Text;

/// <summary>The displayed path of a value: <c>services.web.watch.paths[0]</c>, with <c>["…"]</c> around names that hold other characters.</summary>
internal static class JsonPath
{
    public static string Join(string path, string name)
    {
        var plain = name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '$');
        var step = plain ? name : $"[\"{Printable.Of(name)}\"]";

        return path.Length == 0 || !plain ? path + step : $"{path}.{step}";
    }
}
