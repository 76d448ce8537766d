
namespace Supervisor.Configuration.Sections;

/// <summary>The words of enumerated values. A test compares the schema with these lists.</summary>
internal static class Choices
{
    public static readonly (string Word, WatchBackend Value)[] Backend =
    [
        ("auto", WatchBackend.Auto), ("inotify", WatchBackend.Inotify), ("native", WatchBackend.Native), ("poll", WatchBackend.Poll),
        ("watchman", WatchBackend.Watchman),
    ];

    public static readonly (string Word, ReloadMode Value)[] Reload =
        [("tell", ReloadMode.Tell), ("auto", ReloadMode.Auto)];

    public static readonly (string Word, CompareMode Value)[] Compare =
        [("content", CompareMode.Content), ("metadata", CompareMode.Metadata)];

    public static readonly (string Word, PortConflict Value)[] OnPortConflict =
        [("block", PortConflict.Block), ("next", PortConflict.Next)];

    public static readonly (string Word, StandardInputMode Value)[] Stdin =
        [("open", StandardInputMode.Open), ("null", StandardInputMode.Null)];

    public static readonly (string Word, ServiceKind Value)[] Kind =
        [("server", ServiceKind.Server), ("task", ServiceKind.Task)];

    public static readonly (string Word, RestartPolicy Value)[] Policy =
        [("on-failure", RestartPolicy.OnFailure), ("always", RestartPolicy.Always), ("never", RestartPolicy.Never)];

    public static readonly (string Word, HealthAction Value)[] OnHealthFailure =
        [("tell", HealthAction.Tell), ("restart", HealthAction.Restart)];

    public static readonly (string Word, DependencyCondition Value)[] Condition =
    [
        ("ready", DependencyCondition.Ready), ("started", DependencyCondition.Started), ("completed", DependencyCondition.Completed),
        ("ended", DependencyCondition.Ended),
    ];
}
