using System.Globalization;

namespace Supervisor.Processes;

/// <summary>A validated spawn request: the file to execute, the final argv and environment, the descriptors.</summary>
internal sealed record SpawnPlan(SpawnRequest Request, string Executable, IReadOnlyList<string> Argv, IReadOnlyDictionary<string, string> Environment)
{
    private const string Shell = "/bin/sh";

    /// <exception cref="SpawnException">The program or the working directory is not usable.</exception>
    public static SpawnPlan For(SpawnRequest request)
    {
        if (request.Argv.Count == 0 || request.Argv[0].Length == 0)
            throw new SpawnException(SpawnFailure.NotFound, "There is no program to start: the command is empty.");
        RefuseNul(request);
        RefuseBadTargets(request);

        ProgramFile.CheckWorkingDirectory(request.WorkingDirectory);
        var program = ProgramFile.Resolve(request.Argv[0], request.WorkingDirectory, request.Environment.GetValueOrDefault("PATH"));
        var environment = WithTag(request);
        var script = ConfinementScript(request.Confinement, request.Scope);

        return script is null
            ? new SpawnPlan(request, program, request.Argv, environment)
            : new SpawnPlan(request, Shell, [Shell, "-c", script, program, .. request.Argv.Skip(1)], environment);
    }

    /// <summary>
    /// The shell script that applies the confinement to itself and then execs the program; null: nothing to do. If a step fails, the next one still runs.
    /// Paths and numbers are ours; the program and its arguments are positional parameters and are never parsed.
    /// </summary>
    internal static string? ConfinementScript(Confinement? confinement, ProcessScope? scope)
    {
        var steps = new List<string>();
        foreach (var file in (scope?.ProcsFiles ?? []).Concat(confinement?.ProcsFiles ?? []).Distinct(StringComparer.Ordinal))
            steps.Add($"echo $$ > {Quote(file)}");
        if (confinement?.OomScoreAdjustment is { } adjustment)
            steps.Add(Invariant($"echo {adjustment} > /proc/$$/oom_score_adj"));
        if (confinement is not null && OpenFilesLimit.For(confinement) is { } files)
            steps.Add(Invariant($"ulimit -S -n {files}"));
        if (confinement?.DataBytes is { } bytes)
            steps.Add(Invariant($"ulimit -d {Math.Max(1, bytes / 1024)}"));

        // In a group, so that no error of a step reaches the output: a failed redirection is reported before its command runs.
        return steps.Count == 0 ? null : $"{{ {string.Join("; ", steps)}; }} 2>/dev/null; exec \"$0\" \"$@\"";
    }

    private static Dictionary<string, string> WithTag(SpawnRequest request)
    {
        var environment = new Dictionary<string, string>(request.Environment, StringComparer.Ordinal);
        if (request.Scope?.Tag is { } tag)
            environment[ProcessScope.TagVariable] = tag;
        return environment;
    }

    private static void RefuseNul(SpawnRequest request)
    {
        var texts = request.Argv.Append(request.WorkingDirectory).Concat(request.Environment.SelectMany(pair => new[] { pair.Key, pair.Value }));
        if (texts.Any(text => text.Contains('\0', StringComparison.Ordinal)))
            throw new SpawnException(SpawnFailure.Other, $"{request.Argv[0]} cannot be started: a NUL byte stands in its arguments, environment or directory.");
    }

    private static void RefuseBadTargets(SpawnRequest request)
    {
        var targets = request.Inherit.Select(inherited => inherited.Target).ToList();
        if (targets.Any(target => target < 3) || targets.Distinct().Count() != targets.Count)
            throw new ArgumentException($"Inherited descriptors need distinct targets from 3 on; asked for: {string.Join(", ", targets)}.", nameof(request));
    }

    private static string Quote(string path) => "'" + path.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
