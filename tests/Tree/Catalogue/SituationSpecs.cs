namespace Supervisor.Tree.Catalogue;

/// <summary>The rows of the catalogue that are lines in files, played before the watcher executable.</summary>
public sealed class SituationSpecs
{
    [Theory]
    [Situations("A-saves")]
    [Situations("A-saves", "ed")]
    [Situations("A-saves", "emacs")]
    [Situations("A-saves", "patch")]
    [Situations("A-saves", "perl")]
    [Situations("A-saves", "rsync")]
    [Situations("A-saves", "vim")]
    [Situations("A-saves", "vim.tiny")]
    public Task A_save(string situation) => PlayAsync("A-saves", situation);

    [Theory]
    [Situations("B-directories")]
    [Situations("B-directories", "git")]
    [Situations("B-directories", "rsync")]
    [Situations("B-directories", "setpriv")]
    [Situations("B-directories", "tar")]
    [Situations("B-directories", "zip", "unzip")]
    public Task A_directory(string situation) => PlayAsync("B-directories", situation);

    [Theory]
    [Situations("C-moves")]
    public Task A_move(string situation) => PlayAsync("C-moves", situation);

    [Theory]
    [Situations("D-storms")]
    [Situations("D-storms", "git")]
    public Task A_storm(string situation) => PlayAsync("D-storms", situation);

    [Theory]
    [Situations("E-crashes")]
    [Situations("E-crashes", "unshare")]
    [Situations("E-crashes", "unshare", "mount")]
    public Task A_crash(string situation) => PlayAsync("E-crashes", situation);

    [Theory]
    [Situations("F-times")]
    [Situations("F-times", "gcc")]
    public Task A_time(string situation) => PlayAsync("F-times", situation);

    [Theory]
    [Situations("G-names")]
    public Task A_name(string situation) => PlayAsync("G-names", situation);

    [Theory]
    [Situations("H-filters")]
    [Situations("H-filters", "git")]
    [Situations("H-filters", "git", "setpriv")]
    public Task A_filter(string situation) => PlayAsync("H-filters", situation);

    [Theory]
    [Situations("I-flushes")]
    [Situations("I-flushes", "git")]
    [Situations("I-flushes", "setpriv")]
    public Task A_flush(string situation) => PlayAsync("I-flushes", situation);

    private static async Task PlayAsync(string file, string title)
    {
        await using var stage = new Stage(Situation.Find(file, title));
        await stage.PlayAsync();
        await stage.FlushAsync();
        stage.Check();
    }
}
