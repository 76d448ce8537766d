namespace Supervisor.Tree.Catalogue;

/// <summary>
/// Saved means told: the same lines with the batches as they come by default, and nobody who flushes. How many batches it takes is then the scheduler's
/// affair; in the end whoever hears of them knows the disk.
/// </summary>
public sealed class UnaskedSpecs
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
    public Task A_save_is_told(string situation) => PlayAsync("A-saves", situation);

    [Theory]
    [Situations("B-directories")]
    [Situations("B-directories", "git")]
    [Situations("B-directories", "rsync")]
    [Situations("B-directories", "setpriv")]
    [Situations("B-directories", "tar")]
    [Situations("B-directories", "zip", "unzip")]
    public Task A_directory_is_told(string situation) => PlayAsync("B-directories", situation);

    [Theory]
    [Situations("C-moves")]
    public Task A_move_is_told(string situation) => PlayAsync("C-moves", situation);

    [Theory]
    [Situations("F-times")]
    [Situations("F-times", "gcc")]
    public Task A_time_is_told(string situation) => PlayAsync("F-times", situation);

    [Theory]
    [Situations("G-names")]
    public Task A_name_is_told(string situation) => PlayAsync("G-names", situation);

    private static async Task PlayAsync(string file, string title)
    {
        await using var stage = new Stage(Situation.Find(file, title), settings => settings with { Settle = null });
        await stage.PlayAsync();
        await stage.HearAsync();
    }
}
