using Supervisor.Stress.Project;

namespace Supervisor.Stress.Jobs;

/// <summary>Shared operations of jobs on their context and the project.</summary>
internal static class JobContextExtensions
{
    extension(JobContext context)
    {
        /// <summary>The text that marks everything the job writes.</summary>
        public string Signature => $"job {context.Number}";

        /// <summary>New content for a source.</summary>
        public string TextFor(string path) => SourceText.Write(path, context.Signature, context.Random);
    }

    extension(ProjectTree project)
    {
        /// <summary>At most that many busy services, in random order.</summary>
        public IReadOnlyList<ProjectService> Pick(int count, Random random) => project.Pick(count, random, _ => true);

        /// <summary>As above, among those for which the condition holds.</summary>
        public IReadOnlyList<ProjectService> Pick(int count, Random random, Func<ProjectService, bool> suits)
        {
            var busy = project.Busy.Where(suits).ToArray();
            random.Shuffle(busy);
            return [.. busy.Take(count)];
        }
    }
}
