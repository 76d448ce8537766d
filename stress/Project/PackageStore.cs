namespace Supervisor.Stress.Project;

/// <summary>The large ignored folder: packages of forty small files each, as package managers unpack them.</summary>
internal static class PackageStore
{
    public const int FilesInPackage = 40;

    public static string NameOf(int number) => $"package-{number}";

    /// <summary>Writes packages 0, 1, … until that many files exist.</summary>
    public static void Fill(string folder, int files) => Parallel.For(
        0,
        files / FilesInPackage,
        new ParallelOptions { MaxDegreeOfParallelism = 2 },
        number => Unpack(Path.Combine(folder, NameOf(number)), $"{NameOf(number)} 1.0.0"));

    /// <param name="text">The text in each file.</param>
    public static void Unpack(string package, string text)
    {
        var library = Directory.CreateDirectory(Path.Combine(package, "lib")).FullName;
        File.WriteAllText(Path.Combine(package, "package.json"), $$"""{ "description": "{{text}}" }""");
        for (var file = 1; file < FilesInPackage; file++)
            File.WriteAllText(Path.Combine(library, $"part{file}.mjs"), $"// {text}\nexport const part = {file};\n");
    }
}
