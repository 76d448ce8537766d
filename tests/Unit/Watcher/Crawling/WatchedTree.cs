using System.Text;
using Supervisor.Tree.Harness;

namespace Supervisor.Unit.Watcher.Crawling;

/// <summary>A folder of the test's own on the real file system, with a runtime folder for the watcher beside it. Disposing removes both.</summary>
internal sealed class WatchedTree : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("supervisor-watcher-");

    public WatchedTree()
    {
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(Outside);
        Directory.CreateDirectory(RuntimeFolder);
    }

    public string Root => Path.Combine(_home.FullName, "tree");

    /// <summary>On the same file system, not watched.</summary>
    public string Outside => Path.Combine(_home.FullName, "outside");

    public string RuntimeFolder => Path.Combine(_home.FullName, "run");

    public string Snapshot => Path.Combine(RuntimeFolder, "watcher.snapshot");

    public string this[string name] => Path.Combine(Root, name);

    public void Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], content);
    }

    /// <summary>Runs a program in the tree and waits for its success.</summary>
    public void Run(string program, params string[] arguments) =>
        ForeignProgram.RunChecked(CliWrap.Cli.Wrap(program).WithArguments(arguments).WithWorkingDirectory(Root), Wait.DefaultTimeout);

    /// <summary>Every file with its content.</summary>
    public Dictionary<string, string> Read() => Read(Root);

    public static Dictionary<string, string> Read(string folder)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);

        if (Directory.Exists(folder))
        {
            foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }))
                files[file.FullName] = File.ReadAllText(file.FullName, Encoding.Latin1);
        }

        return files;
    }

    public void Dispose() => _home.Delete(recursive: true);
}
