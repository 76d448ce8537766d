namespace Supervisor.Host.Output;

/// <summary>Where a line of output came from.</summary>
internal enum OutputStream : byte
{
    Stdout,
    Stderr,

    /// <summary>Lines of the host itself: started, refused, crashed.</summary>
    Host,
}

internal static class OutputStreamWords
{
    public static string Word(this OutputStream stream) => stream switch
    {
        OutputStream.Stdout => "stdout",
        OutputStream.Stderr => "stderr",
        _ => HostLines.Stream,
    };
}
