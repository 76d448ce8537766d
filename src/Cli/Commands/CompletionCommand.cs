using System.CommandLine;
using Supervisor.Cli.Connection;

namespace Supervisor.Cli.Commands;

/// <summary><c>completion</c>: a script for a shell, which asks the <c>[suggest]</c> directive of this program for what fits.</summary>
internal static class CompletionCommand
{
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            # supervisor completion bash: put  eval "$(supervisor completion bash)"  into ~/.bashrc
            _supervisor() {
                local IFS=$'\n'
                COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _supervisor supervisor
            """,
        ["zsh"] = """
            # supervisor completion zsh: put  eval "$(supervisor completion zsh)"  into ~/.zshrc, after compinit
            _supervisor() {
                local -a found
                found=("${(@f)$("${words[1]}" "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
                compadd -- "${found[@]}"
            }
            compdef _supervisor supervisor
            """,
        ["fish"] = """
            # supervisor completion fish: put  supervisor completion fish | source  into ~/.config/fish/config.fish
            complete -c supervisor -a '(supervisor "[suggest:"(commandline -C)"]" (commandline) 2>/dev/null)'
            """,
        ["pwsh"] = """
            # supervisor completion pwsh: put  supervisor completion pwsh | Out-String | Invoke-Expression  into $PROFILE
            Register-ArgumentCompleter -Native -CommandName supervisor -ScriptBlock {
                param($word, $line, $position)
                supervisor "[suggest:$position]" "$line" | Where-Object { $_ -like "$word*" } |
                    ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
            }
            """,
    };

    public static Command Build(CommandContext context)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh, fish or pwsh." };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command("completion", "Print a script that completes commands, options and service names in a shell.") { shell };
        command.SetAction(parsed => context.Screen.Out.WriteLine(Scripts[parsed.GetRequiredValue(shell)]));
        return command;
    }
}
