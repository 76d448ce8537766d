using System.Globalization;
using Supervisor.Unit.Watcher.Crawling;

namespace Supervisor.Unit.Watcher.Backends;

/// <summary>Random file work below one folder, with every kind of operation and few names.</summary>
internal sealed class Churn(WatchedTree tree, Random random)
{
    private static readonly string[] Names = ["a", "b", "c.py", "d.py"];

    private int _writes;

    /// <summary>One operation; those that the disk refuses are no operation.</summary>
    public void Step()
    {
        try
        {
            Do(random.Next(12));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A name that is a directory here and a file there: that is what the test is about.
        }
    }

    private void Do(int operation)
    {
        var (path, other) = (AnyPath(), AnyPath());

        switch (operation)
        {
            case 0 or 1 or 2:
                File.WriteAllText(path, Content());
                break;
            case 3:
                File.AppendAllText(path, "+");
                break;
            case 4:
                File.Delete(path);
                break;
            case 5:
                Directory.CreateDirectory(path);
                break;
            case 6:
                Directory.CreateDirectory(path);
                File.WriteAllText(Path.Combine(path, Names[random.Next(Names.Length)]), Content());
                break;
            case 7:
                Directory.Delete(path, recursive: true);
                break;
            case 8:
                Move(path, other);
                break;
            case 9:
                Move(path, Path.Combine(tree.Outside, Names[random.Next(Names.Length)]));
                break;
            case 10:
                Move(Path.Combine(tree.Outside, Names[random.Next(Names.Length)]), path);
                break;
            case 11:
                File.WriteAllText(path + ".saving", Content());
                File.Move(path + ".saving", path, overwrite: true);
                break;
        }
    }

    private static void Move(string from, string to)
    {
        if (Directory.Exists(from))
            Directory.Move(from, to);
        else
            File.Move(from, to, overwrite: true);
    }

    private string AnyPath()
    {
        var path = tree.Root;

        for (var depth = random.Next(1, 4); depth > 0; depth--)
            path = Path.Combine(path, Names[random.Next(Names.Length)]);

        return path;
    }

    // Few different contents, so that a file is sometimes as it was before.
    private string Content() => (++_writes % 7).ToString(CultureInfo.InvariantCulture);
}
