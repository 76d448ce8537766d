using Supervisor.Stress.Project;

namespace Supervisor.Stress.Jobs;

/// <summary>What jobs say about their site again and again.</summary>
internal static class JobContextExtensions
{
    extension(JobContext context)
    {
        /// <summary>The signature under everything that the job writes.</summary>
        public string Signature => $"job {context.Number}";

        /// <summary>A source's new content.</summary>
        public string TextFor(string path) => SourceText.Write(path, context.Signature, context.Random);
    }

    extension(ProjectTree project)
    {
        /// <summary>So many busy services, or all, in random order.</summary>
        public IReadOnlyList<ProjectService> Pick(int count, Random random) => project.Pick(count, random, _ => true);

        /// <summary>As above, of those for which the condition holds.</summary>
        public IReadOnlyList<ProjectService> Pick(int count, Random random, Func<ProjectService, bool> suits)
        {
            var busy = project.Busy.Where(suits).ToArray();
            random.Shuffle(busy);
            return [.. busy.Take(count)];
        }
    }
}
