namespace Supervisor.Cli.Help;

/// <summary>Examples of each verb, shown at the end of <c>--help</c>.</summary>
internal static class Examples
{
    /// <param name="verb">Empty for the command itself.</param>
    public static IReadOnlyList<(string Command, string Meaning)> Of(string verb) => verb switch
    {
        "start" =>
        [
            ("supervisor start", "run all services and show their output; Ctrl-C stops them"),
            ("supervisor start -d", "run in the background; return when all services are ready"),
            ("supervisor start --quiet", "show reloads, refusals and failures, but not what services print"),
            ("supervisor start web db", "only these services and their dependencies"),
            ("supervisor start --except front", "all but the services of this group"),
            ("supervisor start --exit-code-from tests", "run the tree until tests has ended; exit with its code"),
        ],
        "stop" => [("supervisor stop", "stop the whole tree"), ("supervisor stop web", "stop one service; the others keep running"), ("supervisor stop backend 'api-*'", "a group, and the services whose names match")],
        "restart" =>
        [
            ("supervisor restart web", "build, validate, restart and show the outcome"),
            ("supervisor restart --all --force", "restart every service without build and validation"),
            ("supervisor restart watcher", "replace the watcher; the servers keep running"),
        ],
        "reload" => [("supervisor reload", "apply an edited supervisor.json"), ("supervisor check --diff", "only show what a reload would do")],
        "status" =>
        [
            ("supervisor status", "a table"),
            ("supervisor status --json", "for scripts; the shape is stable"),
            ("supervisor status --follow --json", "one JSON document a line, whenever something changes"),
        ],
        "logs" =>
        [
            ("supervisor logs -f web", "follow the output of web"),
            ("supervisor logs --since 10m --grep 'error|warn'", "matching lines of every service"),
            ("supervisor logs web --generation previous", "what the server before the last start printed"),
            ("supervisor logs --since last-change --level warning", "what got worse by the last saved file"),
            ("supervisor logs --json -n 50", "for scripts; the shape is stable"),
        ],
        "errors" => [("supervisor errors", "error lines of all services since their last start"), ("supervisor errors web --json", "for scripts; the shape is stable")],
        "attach" =>
        [
            ("supervisor attach web", "type at a breakpoint, a prompt, or keys such as r; Ctrl-P Ctrl-Q leaves web running"),
            ("supervisor attach web --read-only", "only look; Ctrl-C leaves"),
        ],
        "wait" => [("supervisor wait web db --timeout 2m", "for scripts: exit code 0, 17 (timed out) or 18 (not reachable)"),
            ("supervisor wait tests --for completed", "exit with the exit code of tests")],
        "why" => [("supervisor why web", "each start of web and its cause"), ("supervisor why watcher", "each start and end of the watcher")],
        "env" => [("supervisor env web", "each variable of web and where it comes from"), ("supervisor env web --json", "for scripts; the shape is stable")],
        "flush" => [("touch app.py && supervisor flush && curl localhost:8000", "test the new code, not the old")],
        "hold" =>
        [
            ("supervisor hold -- npm run build", "one reload at its end; returns its exit code"),
            ("supervisor hold codegen --timeout 2m", "until release, until this shell ends, or for 2 min"),
        ],
        "release" => [("supervisor release", "end all holds"), ("supervisor release codegen", "end one hold; changes are delivered when none is left")],
        "check" =>
        [
            ("supervisor check -f other.json", "show all mistakes with line and column"),
            ("supervisor check --diff", "show what \"supervisor reload\" would do to the running tree"),
            ("supervisor check --explain site/views.py dist/", "show which rule decides, and what a change reloads"),
        ],
        "run" =>
        [
            ("supervisor run -- node server.js", "run it, and reload it when a file below this folder is saved; no configuration is needed"),
            ("supervisor run -w src -e py,html --check 'python3 -m compileall -q src' -- python3 src/app.py", "watch src, these files, and reload only what the check accepts"),
            ("supervisor run --save web -- node server.js", "add it to supervisor.json as web"),
            ("supervisor run migrate", "run a task of supervisor.json to its end, with what it depends on; exit with its code"),
        ],
        "init" =>
        [
            ("supervisor init", "write supervisor.json from what the project has"),
            ("supervisor init --print", "only show it"),
            ("supervisor init --from Procfile.dev --from docker-compose.yml", "from these two files"),
        ],
        "completion" => [("eval \"$(supervisor completion bash)\"", "complete commands, options and service names in this shell")],
        "list" => [("supervisor list", "the names of the services, one a line"), ("supervisor list --all", "every tree of this user that runs")],
        "ports" => [("supervisor ports", "which service listens where"), ("supervisor ports web --json", "for scripts; the shape is stable")],
        "metrics" => [("supervisor metrics", "for Prometheus and other readers of OpenMetrics")],
        "schema" => [("supervisor schema > supervisor.schema.json", "for an editor that checks supervisor.json while you type")],
        "help" => [("supervisor help logs", "options and examples of logs")],
        "man" => [("supervisor man | man -l -", "read it"), ("supervisor man > ~/.local/share/man/man1/supervisor.1", "install it")],
        "version" => [("supervisor version", "the version of this program")],
        "doctor" =>
        [
            ("supervisor doctor", "what is wrong with the machine, the configuration or its tree, and the command that mends it"),
            ("supervisor doctor --clean", "end what killed runs have left, and free their ports"),
            ("supervisor doctor --json", "for scripts; exit code 1 when something must be mended"),
        ],
        _ =>
        [
            ("supervisor start", "run the services of supervisor.json in this terminal"),
            ("supervisor start -d", "the same in the background"),
            ("supervisor status", "the state of every service"),
            ("supervisor logs -f", "follow the output of every service"),
            ("supervisor why web", "why web was restarted"),
            ("supervisor stop", "stop everything"),
        ],
    };
}
