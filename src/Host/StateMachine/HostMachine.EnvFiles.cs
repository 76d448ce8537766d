namespace Supervisor.Host.StateMachine;

/// <summary>Changes of the service's env files.</summary>
internal static partial class HostMachine
{
    private static Transition OnEnvFileChanged(Transition transition, HostEvent.EnvFileChanged change) => IsRepeated(transition, change.Cursor)
        ? transition
        : ReloadScheduler.Reload(Received(transition, change.Cursor).WithRecord(record => record with { EnvFileRefusal = null }), Cause.EnvFile, change.Files);

    /// <summary>The server keeps the environment that it has. Without a server the next start finds the mistake.</summary>
    private static Transition OnEnvFileUnusable(Transition transition, HostEvent.EnvFileUnusable unusable)
    {
        if (IsRepeated(transition, unusable.Cursor))
            return transition;

        transition = Received(transition, unusable.Cursor);

        return transition.State.Run() is not { } run || transition.State is HostState.Draining
            ? transition
            : transition.WithRecord(record => record with { EnvFileRefusal = unusable.Reason })
                .WithLastChange(Cause.EnvFile, unusable.Files, transition.Context.Now)
                .WithChangeEnded()
                .WithLedgerEntry("refused", Cause.EnvFile, unusable.Reason, run.Pid, files: unusable.Files);
    }

    /// <summary>It says again what the server has. A reload that waited for that is due.</summary>
    private static Transition OnEnvFileUnchanged(Transition transition, HostEvent.EnvFileUnchanged same)
    {
        if (IsRepeated(transition, same.Cursor) || transition.Record.EnvFileRefusal is not { } refusal)
            return transition;

        var waited = transition.Record.Refusal == refusal;
        transition = Received(transition, same.Cursor)
            .WithRecord(record => record with { EnvFileRefusal = null, Refusal = waited ? null : record.Refusal });
        return waited ? ReloadScheduler.Reload(transition, Cause.EnvFile, same.Files) : transition;
    }

    // A change of watched files may have the same cursor.
    private static bool IsRepeated(Transition transition, string cursor) => transition.Record.EnvFileCursors.Contains(cursor);

    private static Transition Received(Transition transition, string cursor) =>
        transition.WithRecord(record => record with { EnvFileCursors = record.EnvFileCursors.Add(cursor) });

    /// <summary>A new server could not start with the env files as they are, so the old one stays.</summary>
    private static Transition RefuseReload(Transition transition, PendingReload pending, string reason) => transition
        .WithRecord(record => record with { Pending = null, Refusal = reason, Refusals = record.Refusals + 1 })
        .WithChangeEnded()
        .WithLedgerEntry("refused", Cause.EnvFile, reason, transition.State.Run()?.Pid, files: pending.Files);
}
