namespace Supervisor.Tree.Catalogue;

/// <summary>The lines of the catalogue files, run against the watcher executable.</summary>
public sealed class CatalogueSpecs
{
    [Theory]
    [CatalogueCases("A-saves")]
    [CatalogueCases("A-saves", "ed")]
    [CatalogueCases("A-saves", "emacs")]
    [CatalogueCases("A-saves", "patch")]
    [CatalogueCases("A-saves", "perl")]
    [CatalogueCases("A-saves", "rsync")]
    [CatalogueCases("A-saves", "vim")]
    [CatalogueCases("A-saves", "vim.tiny")]
    public Task A_save(string title) => RunAsync("A-saves", title);

    [Theory]
    [CatalogueCases("B-directories")]
    [CatalogueCases("B-directories", "git")]
    [CatalogueCases("B-directories", "rsync")]
    [CatalogueCases("B-directories", "setpriv")]
    [CatalogueCases("B-directories", "tar")]
    [CatalogueCases("B-directories", "zip", "unzip")]
    public Task A_directory(string title) => RunAsync("B-directories", title);

    [Theory]
    [CatalogueCases("C-moves")]
    public Task A_move(string title) => RunAsync("C-moves", title);

    [Theory]
    [CatalogueCases("D-storms")]
    [CatalogueCases("D-storms", "git")]
    public Task A_storm(string title) => RunAsync("D-storms", title);

    [Theory]
    [CatalogueCases("E-crashes")]
    [CatalogueCases("E-crashes", "unshare")]
    [CatalogueCases("E-crashes", "unshare", "mount")]
    public Task A_crash(string title) => RunAsync("E-crashes", title);

    [Theory]
    [CatalogueCases("F-times")]
    [CatalogueCases("F-times", "gcc")]
    public Task A_time(string title) => RunAsync("F-times", title);

    [Theory]
    [CatalogueCases("G-names")]
    public Task A_name(string title) => RunAsync("G-names", title);

    [Theory]
    [CatalogueCases("H-filters")]
    [CatalogueCases("H-filters", "git")]
    [CatalogueCases("H-filters", "git", "setpriv")]
    public Task A_filter(string title) => RunAsync("H-filters", title);

    [Theory]
    [CatalogueCases("I-flushes")]
    [CatalogueCases("I-flushes", "git")]
    [CatalogueCases("I-flushes", "setpriv")]
    public Task A_flush(string title) => RunAsync("I-flushes", title);

    private static async Task RunAsync(string file, string title)
    {
        await using var run = new CatalogueCaseRun(CatalogueCase.Find(file, title));
        await run.RunAsync();
        await run.FlushAsync();
        run.Check();
    }
}
