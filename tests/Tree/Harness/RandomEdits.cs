using System.Globalization;

namespace Supervisor.Tree.Harness;

/// <summary>Saves, creates, renames, replaces and deletes files of known content, in the same way for the same seed.</summary>
internal sealed class RandomEdits(TestService service, int seed)
{
    private readonly Random _random = new(seed);
    private int _step;

    public void ApplyNext()
    {
        for (var i = _random.Next(1, 5); i > 0; i--)
            ApplyOne();
    }

    private void ApplyOne()
    {
        var content = string.Create(CultureInfo.InvariantCulture, $"step {++_step} of {service.Name}");
        var file = Path.Combine(service.Folder, $"file{_random.Next(6)}.txt");
        switch (_random.Next(6))
        {
            case 0:
                WriteInPlace("page.txt", content);
                break;
            case 1:
                WriteInPlace($"deep/{_random.Next(3)}/new{_random.Next(3)}.txt", content);
                break;
            case 2 when File.Exists(file):
                File.Move(file, Path.Combine(service.Folder, $"file{_random.Next(6)}.txt"), overwrite: true);
                break;
            case 3 when File.Exists(file):
                File.Delete(file);
                break;
            case 4 when Directory.Exists(Path.Combine(service.Folder, "deep")):
                Directory.Delete(Path.Combine(service.Folder, "deep"), recursive: true);
                break;
            default:
                // An atomic save: written beside it, then renamed over it.
                File.WriteAllText(file + ".new", content);
                File.Move(file + ".new", file, overwrite: true);
                break;
        }
    }

    private void WriteInPlace(string name, string content)
    {
        var path = Path.Combine(service.Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
