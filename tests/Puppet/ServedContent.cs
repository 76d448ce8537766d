namespace Supervisor.Puppet;

/// <summary>What a folder holds at one moment, as text that a test can compare with the folder itself.</summary>
internal static class ServedContent
{
    public static string Read(string folder) => string.Concat(
        Directory.EnumerateFiles(folder, "*.txt", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file))
            .Order(StringComparer.Ordinal)
            .Select(file => Line(folder, file)));

    private static string Line(string folder, string file)
    {
        try
        {
            return $"{file}={File.ReadAllText(Path.Combine(folder, file))}\n";
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return ""; // Removed between the listing and the reading: a change that came after our start.
        }
    }
}
