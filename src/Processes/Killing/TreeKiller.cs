namespace Supervisor.Processes;

/// <summary>Kills a tree that is in no cgroup: stops its processes until no new one appears, then kills them all, until none is left.</summary>
internal static class TreeKiller
{
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(2);

    public static async Task<bool> KillAsync(Func<IReadOnlyList<int>> members, TimeSpan within, TimeProvider time)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            // Stop first: a process that is killed alone leaves its children running, and they may fork meanwhile.
            var found = StopAll(members, () => time.GetElapsedTime(since) >= within);
            foreach (var process in found)
                process.TrySignal(Signals.Kill);

            // A killed process does not die at once, and after its death its descendants may not be found any more.
            if (members().Count == 0 && !found.Any(process => process.IsAlive))
                return true;
            if (time.GetElapsedTime(since) >= within)
                return false;

            await Task.Delay(PollPeriod, time, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static HashSet<ObservedProcess> StopAll(Func<IReadOnlyList<int>> members, Func<bool> isTimeUp)
    {
        var stopped = new HashSet<ObservedProcess>();
        while (true)
        {
            var isNew = false;
            foreach (var seen in ObservedProcess.Living(members()))
            {
                if (stopped.Add(seen))
                    isNew |= seen.TrySignal(Signals.Stop);
            }

            if (!isNew || isTimeUp())
                return stopped;
        }
    }
}
