namespace Supervisor.Cli.Rendering;

/// <summary><c>supervisor why --rate</c>. Pure.</summary>
internal static class RateText
{
    public static string Of(string service, RestartRates rates) =>
        $"{service}: {Counts(rates.RestartsLastHour, rates.ReloadsLastHour)} in the last hour, {Counts(rates.RestartsLastDay, rates.ReloadsLastDay)} in the last day";

    private static string Counts(int restarts, int reloads) => $"{Wording.Count(restarts, "restart")} and {Wording.Count(reloads, "reload")}";
}
