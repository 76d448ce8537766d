namespace Supervisor.Filtering.Links;

/// <summary>A link to a folder, with everything that decides whether it is followed. Every path but its own is real: it leads through no link.</summary>
/// <param name="Path">Of the link, as a walk from a watch path comes to it.</param>
/// <param name="Holder">The folder that holds the link.</param>
/// <param name="Target">The folder that it leads to.</param>
/// <param name="Through">Targets of the followed links on the way to it.</param>
/// <param name="Roots">The watch paths that exist, each with its real path.</param>
/// <param name="Home">The user's; null: unknown.</param>
public sealed record LinkedFolder(
    string Path, string Holder, string Target, IReadOnlyList<string> Through, IReadOnlyList<(string Root, string Real)> Roots, string? Home);

/// <summary>Why a link is not followed, in words.</summary>
/// <param name="IsSurprising">A user who made the link has to be told: nothing else reports what changes there.</param>
public sealed record LinkRefusal(string Reason, bool IsSurprising);
