using Supervisor.Tree.Harness;

namespace Supervisor.Tree.Samples;

/// <summary>
/// A day with the project of nine real servers in samples/NineServers, in one terminal: it starts with a broken migration and a broken api, goes on with saves,
/// failures and commands, and ends after the death of the parent. The steps are in files by subject; they share the one start, because it takes long.
/// </summary>
public sealed partial class NineServersSpecs
{
    [NineServersFact]
    public async Task Nine_real_servers_start_reload_refuse_die_and_stop_and_the_terminal_says_each()
    {
        await using var day = await NineServers.CopyAsync(nameof(NineServersSpecs));

        await AStartIsSummedUpWithWhatIsDownAsync(day);
        await AFailedMigrationIsFailedAndNamedUntilItIsMendedAsync(day);
        await CodeThatIsBrokenAtTheStartIsBlockedUntilTheNextSaveAsync(day);
        await ServersMayOpenAsManyFilesAsTheShellAsync(day);
        var morning = await day.Control.StatusAsync();
        var requests = await RequestsOfTheSiteAsync(day);

        await AReloadIsOneLineAsync(day);
        await ARefusalLeavesTheOldServerAsync(day);
        await ATrainOfSavesIsTwoReloadsAsync(day);
        await ASaveInAnInnerCheckoutReloadsNothingAsync(day);
        await AHangUpKeepsTheServerAsync(day);

        await AKilledServerComesBackWithEvidenceAsync(day);
        await ACrashLoopIsNeverOkAndEndsWithASaveAsync(day);
        await AServerThatFailsItsChecksIsUnhealthyAsync(day);

        await AConfigurationWithMistakesChangesNothingAsync(day);
        await AnEditedConfigurationIsToldAndReloadedAsync(day);
        await AnEditedEnvFileRestartsItsServiceAsync(day);
        await ARestartInABackoffStartsTheServerAsync(day);

        await AMistypedCommandChangesNothingAndNamesTheNearestWordAsync(day);
        await ASecondStartShowsTheTreeInColoursAndLeavesItAsync(day);
        await AStopAndAStartThatTakeLongSaySoAsync(day);
        await TheStatusFitsAsync(day);
        await AStaleServiceIsRememberedAsync(day);

        (await RequestsOfTheSiteAsync(day)).Should().Be(requests, "nobody has used it, and a server that is ready is not asked again");
        await ThePidsAreThoseOfTheMorningAsync(day, morning);
        await AfterTheDeathOfTheParentTheServersGoOnAsync(day);
        await ThePidsAreThoseOfTheMorningAsync(day, morning);
        await AStoppedTreeCanBeAskedAsync(day);
    }

    private static async Task ThePidsAreThoseOfTheMorningAsync(NineServers day, StatusReport morning)
    {
        var now = await day.Control.StatusAsync();
        string[] untouched = ["redis", "site", "frontend"];
        untouched.Should().OnlyContain(name => now.Service(name).Pid == morning.Service(name).Pid, "nothing of theirs was changed");
    }
}
