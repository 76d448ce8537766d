using Supervisor.Cli;
using Supervisor.Unit.Configuration;

namespace Supervisor.Unit.Cli;

/// <summary><c>check</c> warns of what is valid but will not work on this machine, or not as it seems to.</summary>
public sealed class CheckWarningSpecs : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public CheckWarningSpecs()
    {
        Directory.CreateDirectory(_folder.At("src"));
        Directory.CreateDirectory(_folder.At("tools"));
        File.WriteAllText(_folder.At("src/plain"), "");
        File.WriteAllText(_folder.At("tools/ours"), "");
        File.SetUnixFileMode(_folder.At("tools/ours"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""  "command": ["sh"], "watch": { "paths": ["src", "scr", "src/plain"] }  """, "warning: web: the watch path FOLDER/scr does not exist.")]
    [InlineData("""  "command": ["no-such-program"]  """, "warning: web: the program \"no-such-program\" of command is not on PATH.")]
    [InlineData("""  "command": ["no-such-program"], "env": { "PATH": "/bin" }  """, "warning: web: the program \"no-such-program\" of command is not on PATH (/bin, from env).")]
    [InlineData("""  "command": ["sh"], "env": { "PATH": "/nowhere" }  """, "warning: web: the program \"sh\" of command is not on PATH (/nowhere, from env).")]
    [InlineData("""  "command": ["./ours"], "cwd": "src"  """, "warning: web: the program \"./ours\" of command does not exist: FOLDER/src/ours.")]
    [InlineData("""  "command": ["src/plain"]  """, "warning: web: the program \"src/plain\" of command is not executable: FOLDER/src/plain.")]
    [InlineData("""  "command": ["src"]  """, "warning: web: the program \"src\" of command is not on PATH.")]
    [InlineData("""  "command": ["./made-by-it"], "build": { "command": ["no-such-program"] }  """, "warning: web: the program \"no-such-program\" of build.command is not on PATH.")]
    [InlineData("""  "command": ["sh"], "validate": { "command": ["no-such-program", "-c"] }  """, "warning: web: the program \"no-such-program\" of validate.command is not on PATH.")]
    [InlineData("""  "command": ["sh"], "ready": { "exec": ["no-such-program"] }  """, "warning: web: the program \"no-such-program\" of ready.exec is not on PATH.")]
    [InlineData("""  "command": "cd src && server", "watch": { "onChange": "signal:HUP" }  """, "warning: web: a shell runs command and stays; SIGHUP goes to the process under it that handles it. With \"exec\" before the server there is no shell.")]
    public async Task What_will_not_work_or_not_as_it_seems_to_is_a_warning_and_no_mistake(string keys, string warning)
    {
        var (exitCode, output, errors) = await CheckAsync(keys);

        exitCode.Should().Be(ExitCode.Ok);
        output.Should().Contain("ok, 1 service: web");
        errors.Should().Be(warning.Replace("FOLDER", _folder.Path, StringComparison.Ordinal) + "\n");
    }

    [Theory]
    [InlineData("""  "command": ["sh"], "envFile": ".env"  """, "warning: supervisor.json:1:*: services.web.envFile: \".env\" names a file that does not exist: *")]
    [InlineData("""  "command": ["./run"], "cwd": "dist", "watch": {}  """, "warning: supervisor.json:1:*: services.web.cwd: \"dist\" names a folder that does not exist: *")]
    public async Task What_is_not_there_yet_is_one_warning_and_no_mistake(string keys, string warning)
    {
        var (exitCode, _, errors) = await CheckAsync(keys);

        exitCode.Should().Be(ExitCode.Ok);
        errors.TrimEnd().Split('\n').Should().ContainSingle().Which.Should().Match(warning);
    }

    [Theory]
    [InlineData("""  "command": ["sh", "-c", "true"], "watch": {}  """)]
    [InlineData("""  "command": "no-such-program --here", "validate": { "command": "nor-this" }, "ready": { "exec": "nor-that" }  """)]
    [InlineData("""  "command": "server", "watch": { "onChange": "signal:HUP" }  """)]
    [InlineData("""  "command": "cd src && exec server", "watch": { "onChange": "signal:HUP" }  """)]
    [InlineData("""  "command": "cd src && server", "watch": { "onChange": "restart" }  """)]
    [InlineData("""  "command": ["ours"], "env": { "PATH": "/nowhere:FOLDER/tools" }  """)]
    [InlineData("""  "command": ["ours"], "env": { "PATH": "/nowhere::" }, "cwd": "tools"  """)]
    [InlineData("""  "command": ["./ours"], "cwd": "tools"  """)]
    [InlineData("""  "command": ["tools/ours"]  """)]
    [InlineData("""  "command": ["FOLDER/tools/ours"]  """)]
    public async Task Where_everything_is_found_there_is_no_warning(string keys) =>
        (await CheckAsync(keys.Replace("FOLDER", _folder.Path, StringComparison.Ordinal))).Errors.Should().BeEmpty();

    private async Task<(ExitCode ExitCode, string Output, string Errors)> CheckAsync(string keys)
    {
        File.WriteAllText(_folder.File, $$"""{ "services": { "web": { {{keys}} } } }""");
        var screen = Boards.Screen(out var output, out var errors);
        var exitCode = await CommandLine.RunAsync(["check", "-f", _folder.File], screen, TimeProvider.System);

        return ((ExitCode)exitCode, output.ToString(), errors.ToString());
    }
}
