namespace Supervisor.Cli.Help;

/// <summary>What a newcomer would type next, verb by verb; shown at the end of <c>--help</c>.</summary>
internal static class Examples
{
    /// <param name="verb">Empty for the command itself.</param>
    public static IReadOnlyList<(string Command, string Meaning)> Of(string verb) => verb switch
    {
        "start" =>
        [
            ("supervisor start", "run everything here and show its output; Ctrl-C stops in order"),
            ("supervisor start -d", "run in the background; returns when all services are ready"),
            ("supervisor start web db", "only these, and what they depend on"),
        ],
        "stop" => [("supervisor stop", "stop the whole tree"), ("supervisor stop web", "stop one service; the tree goes on")],
        "restart" =>
        [
            ("supervisor restart web", "check it, then exchange the server; says what came of it"),
            ("supervisor restart --all --force", "every service, without checking first"),
            ("supervisor restart watcher", "a new watcher; no server notices"),
        ],
        "status" =>
        [
            ("supervisor status", "a table"),
            ("supervisor status --json", "for scripts; the shape is stable"),
            ("supervisor status --follow --json", "one JSON document a line, whenever something changes"),
        ],
        "logs" =>
        [
            ("supervisor logs -f web", "what web prints, as it comes"),
            ("supervisor logs --since 10m --grep 'error|warn'", "of every service"),
        ],
        "wait" => [("supervisor wait web db --timeout 2m", "for scripts: exit code 0, 17 (time is over) or 18 (cannot get there)")],
        "why" => [("supervisor why web", "each start of web and its cause"), ("supervisor why watcher", "each start and end of the watcher")],
        "flush" => [("touch app.py && supervisor flush && curl localhost:8000", "be sure that the new code answers")],
        "hold" =>
        [
            ("supervisor hold -- npm run build", "one reload at its end; its exit code is ours"),
            ("supervisor hold codegen --timeout 2m", "until release, or until this shell ends"),
        ],
        "release" => [("supervisor release", "let everything go"), ("supervisor release codegen", "one hold; changes flow when none is left")],
        "check" =>
        [
            ("supervisor check -f other.json", "every mistake at once, with line and column"),
            ("supervisor check --explain site/views.py dist/", "which rule decides, and whom a change would reload"),
        ],
        _ =>
        [
            ("supervisor start", "run what supervisor.json names, in this terminal"),
            ("supervisor start -d", "the same in the background"),
            ("supervisor status", "how everything is"),
            ("supervisor logs -f", "what everything prints"),
            ("supervisor why web", "why web was restarted"),
            ("supervisor stop", "stop everything in order"),
        ],
    };
}
