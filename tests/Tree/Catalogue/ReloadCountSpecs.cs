using Supervisor.Tree.Harness;

namespace Supervisor.Tree.Catalogue;

/// <summary>Some lines of the catalogue from the save to the server: one service per line, and how often it was reloaded.</summary>
public sealed class ReloadCountSpecs
{
    private static readonly (string File, string Title)[] Lines =
    [
        ("A-saves", "1 appended by the shell"),
        ("A-saves", "3 vim's probe, the old file aside and a new one"),
        ("A-saves", "4 vim.tiny's 17 events"),
        ("A-saves", "6 emacs: a lock that points nowhere, a backup"),
        ("A-saves", "8 sed -i"),
        ("A-saves", "10 renamed over"),
        ("A-saves", "11 a formatter rewrites what was just saved"),
        ("B-directories", "19 cp -r of 2,000 files in 200 new directories"),
        ("C-moves", "26 a directory of 1,000 files gets another name"),
        ("C-moves", "33 a link pointed elsewhere"),
        ("D-storms", "36 a merge"),
        ("F-times", "62 read by many"),
        ("G-names", "71 a link to a folder outside, in which files change"),
    ];

    [NeedsFact("/usr/bin/python3", "git")]
    public async Task A_save_of_any_kind_is_one_reload_and_an_unchanged_file_is_none()
    {
        await using var tree = TestTree.Create();
        var rows = Lines.Select((line, index) => (Line: CatalogueCase.Find(line.File, line.Title), Service: $"row{index}")).ToList();
        tree.WriteConfig($$"""
            { "watcher": { "settle": "10s" }, "services": {
            {{string.Join(",\n", rows.Select(row => $$""" "{{row.Service}}": { "command": ["sleep", "1000"], "watch": { "paths": ["{{row.Service}}"] } } """))}} } }
            """);

        foreach (var (line, service) in rows)
        {
            tree.Write($"{service}/f.py", "one\n");
            await RunAsync(tree, service, line.Before);
        }

        await tree.StartAsync();

        foreach (var (line, service) in rows)
            await RunAsync(tree, service, line.Done);

        (await tree.RunAsync("flush")).ExitCode.Should().Be(0);
        var board = await tree.StatusAsync();

        rows.Select(row => $"{row.Line.Title}: {board.Service(row.Service).Reloads}")
            .Should().Equal(rows.Select(row => $"{row.Line.Title}: {row.Line.Expected.Least}"));
    }

    private static async Task RunAsync(TestTree tree, string service, string script)
    {
        var outside = Directory.CreateDirectory(Path.Combine(tree.Root, service)).FullName;
        var root = Path.Combine(tree.Project, service);
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ROOT"] = root, ["OUTSIDE"] = outside, ["HOME"] = tree.Root, [TaggedProcesses.TagVariable] = tree.Tag,
        };
        var result = await Script.RunAsync(
            script, root, environment, asked => throw new InvalidOperationException($"A line with '{asked}' needs a watcher without a tree."));
        result.ExitCode.Should().Be(0, "{0}: {1}", script, result);
    }
}
