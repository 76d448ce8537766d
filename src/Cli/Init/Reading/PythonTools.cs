using System.Text.Json.Nodes;

namespace Supervisor.Cli.Init.Reading;

/// <summary>How a Python program of a project is run: out of its virtual environment, or by the tool that has made the lock file. Pure.</summary>
internal static class PythonTools
{
    private static readonly (string LockFile, string Tool)[] Runners = [("uv.lock", "uv"), ("poetry.lock", "poetry"), ("Pipfile.lock", "pipenv")];

    /// <param name="program"><c>python</c>, or a program that a package installs.</param>
    public static JsonArray Command(ProjectFiles files, string folder, string program, params string[] arguments)
    {
        foreach (var above in ProjectFiles.Upwards(folder))
        {
            foreach (var environment in (string[])[".venv", "venv"])
            {
                if (files.Has(above, $"{environment}/bin/python"))
                    return Json.List([$"{UpTo(above, folder)}{environment}/bin/{program}", .. arguments]);
            }

            foreach (var (lockFile, tool) in Runners)
            {
                if (files.Has(above, lockFile))
                    return Json.List([tool, "run", program, .. arguments]);
            }
        }

        return Json.List([program == "python" ? "python3" : program, .. arguments]);
    }

    private static string UpTo(string above, string folder) =>
        string.Concat(Enumerable.Repeat("../", ProjectFiles.Upwards(folder).TakeWhile(step => step != above).Count()));
}
