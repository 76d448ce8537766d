using System.Text;
using Supervisor.Filtering;
using Supervisor.Filtering.Gitignore;
using Supervisor.Tree.Harness;

namespace Supervisor.Unit.Filtering.Gitignore;

public sealed class GitConfigSpecs(Xunit.Abstractions.ITestOutputHelper output) : IDisposable
{
    private const int Files = 400;

    // What a file is made of: some of it is wrong here or there.
    private static readonly string[] Pieces =
    [
        "[core]", "[Core]\n", "[core \"a b\"]", "[include]", "[includeIf \"gitdir:~/w/\"]\n", "[a.b]", "[x \"q\\\"r\\\\\"]\n", "\n", "\n\n", "\r\n", "  ", "\t",
        "excludesFile = ~/.ignored", "excludesfile=one two  three \n", "path = \"more files\" # not this\n", "empty =\n", "truth\n", "e = a\\tb\\nc\\\\d\\\"e\n",
        "long = one \\\n two\n", "q = \"a;b\"c ; d\n", "# note\n", "; note\n", "k-1 = v;w\n", "bad = \"open\n", "9 = x\n", "bad = \\q\n", "sp = \"  in  \"  \n", "[open\n",
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("supervisor-config-");

    [NeedsFact("git")]
    public void Generated_configuration_reads_as_git_reads_it()
    {
        var seed = Environment.TickCount & 0xFFFFFF;
        var random = new Random(seed);
        output.WriteLine($"seed {seed}");
        var taken = 0;

        for (var made = 0; made < Files; made++)
        {
            var text = string.Concat(random.GetItems(Pieces, random.Next(1, 9)));
            var file = Path.Combine(_folder.FullName, "config");
            File.WriteAllText(file, text);

            if (AskGit(file) is not { } theirs)
                continue;

            taken++;
            GitConfigFile.Parse(text).Select(setting => $"{setting.Name}={setting.Value}").Should().Equal(theirs, "of seed {0}: {1}", seed, text);
        }

        taken.Should().BeGreaterThan(Files / 10, "otherwise git has refused them all");
    }

    [Fact]
    public void A_users_own_rules_are_where_the_last_setting_says_in_whatever_file_it_stands()
    {
        Write("repository/config", "[core]\n\texcludesFile = first\n[include]\n\tpath = more\n");
        Write("repository/more", "[core] excludesfile = \"second\"\n[include] path = ../third\n");
        Write("third", "[include]\npath = repository/config\n[core]\nexcludesFile = rules/own # the last\n");

        var settings = GitSettings.Load(Path.Combine(_folder.FullName, "repository"));

        settings.ExcludesPath("/top").Should().Be("/top/rules/own");
        settings.Files.Should().Contain([Path.Combine(_folder.FullName, "repository/config"), Path.Combine(_folder.FullName, "repository/more")]);
    }

    [Fact]
    public void Where_the_setting_is_empty_a_user_has_no_rules()
    {
        Write("repository/config", "[core]\nexcludesFile =\n");

        GitSettings.Load(Path.Combine(_folder.FullName, "repository")).ExcludesPath("/top").Should().BeNull();
    }

    [Fact]
    public void Files_that_include_each_other_come_to_an_end()
    {
        Write("repository/config", string.Concat(Enumerable.Repeat("[include]\npath = config\n", 9)) + "[core]\nexcludesFile = own\n");

        GitSettings.Load(Path.Combine(_folder.FullName, "repository")).ExcludesPath("/top").Should().Be("/top/own");
    }

    [Theory]
    [InlineData("gitdir: a\0b")]
    [InlineData("gitdir:")]
    [InlineData("gitdir: /nowhere/\0")]
    public void A_pointer_to_a_repository_that_is_no_path_brings_no_rules(string pointer)
    {
        Write("top/.git", pointer);

        IgnoreFileLoader.Read(Path.Combine(_folder.FullName, "top"), DirectoryMarkers.Repository).Should().NotBeNull();
        IgnoreFileLoader.Outside(Path.Combine(_folder.FullName, "top")).Should().NotContain(path => path.Contains('\0'));
    }

    [Theory]
    [InlineData("excludesFile = a\0b")]
    [InlineData("excludesFile = \"a\0b")]
    public void A_setting_that_is_no_path_adds_no_file(string setting)
    {
        Write("top/.git/config", "[core]\n" + setting + "\n");

        IgnoreFileLoader.Read(Path.Combine(_folder.FullName, "top"), DirectoryMarkers.Repository).Should().NotBeNull();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>Null: it refuses the file.</summary>
    private static List<string>? AskGit(string file)
    {
        var git = ForeignProgram.Run(
            CliWrap.Cli.Wrap("git").WithArguments(["config", "--file", file, "--no-includes", "--list", "-z"]), Encoding.UTF8, Wait.DefaultTimeout);

        return git.ExitCode != 0 ? null
            : [.. git.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(setting => setting.Split('\n', 2) is [var name, var value] ? $"{name}={value}" : $"{setting}=")];
    }
}
