namespace Supervisor.Stress.Compare;

/// <summary>One request to a service and its result.</summary>
/// <param name="Sent">On the clock of the benchmark.</param>
/// <param name="Answer">Null: refused, reset, or no answer in time.</param>
internal sealed record Sample(TimeSpan Sent, TimeSpan Done, Answer? Answer);

/// <summary>What a server reports about itself: its pid and the digest of what it read when it started.</summary>
internal sealed record Answer(int Pid, string Digest)
{
    /// <summary>Null: the text is not from a server of the project.</summary>
    public static Answer? Parse(string text)
    {
        var lines = text.Split('\n');
        return lines is [var pid, var digest, ..] && pid.StartsWith("pid ", StringComparison.Ordinal)
            && digest.StartsWith("digest ", StringComparison.Ordinal) && int.TryParse(pid.AsSpan(4), out var number)
                ? new Answer(number, digest["digest ".Length..].Trim())
                : null;
    }
}

/// <summary>A job changed what a service should serve.</summary>
/// <param name="At">When the job ended.</param>
/// <param name="Digest">Of the sources on disk at that moment.</param>
internal sealed record Change(string Service, TimeSpan At, int Job, string JobName, string Digest);
