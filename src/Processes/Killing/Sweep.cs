namespace Supervisor.Processes;

/// <summary>Kills a tree that no cgroup holds together: stop until nobody new turns up, then kill all, until nobody is left.</summary>
internal static class Sweep
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    public static async Task<bool> KillAsync(Func<IReadOnlyList<int>> members, TimeSpan within, TimeProvider time)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            // Stopped first, for a process that is killed alone leaves its children running, and they may fork while we look elsewhere.
            var found = StopAll(members, () => time.GetElapsedTime(since) >= within);
            foreach (var victim in found)
                victim.TrySignal(Signals.Kill);

            // A killed process dies in its own time; what was below it may not be found by descent any more once it is dead.
            if (members().Count == 0 && !found.Any(victim => victim.IsAlive))
                return true;
            if (time.GetElapsedTime(since) >= within)
                return false;

            await Task.Delay(Pause, time, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static HashSet<Sighting> StopAll(Func<IReadOnlyList<int>> members, Func<bool> timeIsUp)
    {
        var stopped = new HashSet<Sighting>();
        while (true)
        {
            var isNew = false;
            foreach (var seen in Sighting.Of(members()))
            {
                if (stopped.Add(seen))
                    isNew |= seen.TrySignal(Signals.Stop);
            }

            if (!isNew || timeIsUp())
                return stopped;
        }
    }
}
