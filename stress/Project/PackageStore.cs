namespace Supervisor.Stress.Project;

/// <summary>The big folder that nobody should look at: packages of forty small files each, as package managers unpack them.</summary>
internal static class PackageStore
{
    public const int FilesInPackage = 40;

    public static string NameOf(int number) => $"package-{number}";

    /// <summary>Writes packages 0, 1, … until so many files are there.</summary>
    public static void Fill(string folder, int files) => Parallel.For(
        0,
        files / FilesInPackage,
        new ParallelOptions { MaxDegreeOfParallelism = 2 },
        number => Unpack(Path.Combine(folder, NameOf(number)), $"{NameOf(number)} 1.0.0"));

    /// <param name="words">Stands in each file.</param>
    public static void Unpack(string package, string words)
    {
        var library = Directory.CreateDirectory(Path.Combine(package, "lib")).FullName;
        File.WriteAllText(Path.Combine(package, "package.json"), $$"""{ "description": "{{words}}" }""");
        for (var file = 1; file < FilesInPackage; file++)
            File.WriteAllText(Path.Combine(library, $"part{file}.mjs"), $"// {words}\nexport const part = {file};\n");
    }
}
