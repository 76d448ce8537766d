namespace Supervisor.Tree.Catalogue;

/// <summary>
/// The same lines with the default settle time and without a flush. The number of batches then depends on the scheduler; in the end the reported content must
/// equal the disk.
/// </summary>
public sealed class DefaultSettleSpecs
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
    public Task A_save_is_reported(string title) => RunAsync("A-saves", title);

    [Theory]
    [CatalogueCases("B-directories")]
    [CatalogueCases("B-directories", "git")]
    [CatalogueCases("B-directories", "rsync")]
    [CatalogueCases("B-directories", "setpriv")]
    [CatalogueCases("B-directories", "tar")]
    [CatalogueCases("B-directories", "zip", "unzip")]
    public Task A_directory_is_reported(string title) => RunAsync("B-directories", title);

    [Theory]
    [CatalogueCases("C-moves")]
    public Task A_move_is_reported(string title) => RunAsync("C-moves", title);

    [Theory]
    [CatalogueCases("F-times")]
    [CatalogueCases("F-times", "gcc")]
    public Task A_time_is_reported(string title) => RunAsync("F-times", title);

    [Theory]
    [CatalogueCases("G-names")]
    public Task A_name_is_reported(string title) => RunAsync("G-names", title);

    private static async Task RunAsync(string file, string title)
    {
        await using var run = new CatalogueCaseRun(CatalogueCase.Find(file, title), settings => settings with { Settle = null });
        await run.RunAsync();
        await run.WaitForReportsAsync();
    }
}
