using Supervisor.Processes;

namespace Supervisor.Host.Running;

/// <summary>The caps of one service: those that the kernel enforces and those that the host samples.</summary>
internal sealed class ServerLimits
{
    /// <summary>When the machine runs out of memory, the kernel kills servers first, then the watcher, then hosts.</summary>
    private const int OomScore = 500;

    private readonly LimitsSpec _spec;
    private readonly LimitGroup _group;

    private ServerLimits(LimitsSpec spec, LimitGroup group)
    {
        _spec = spec;
        _group = group;
    }

    /// <summary>The memory cap that only the host enforces; null: there is none, or the kernel enforces it.</summary>
    public long? SampledMemoryBytes => _group.Enforced.MemoryBytes is null ? _spec.MemoryBytes : null;

    public bool HasMemoryCap => _spec.MemoryBytes is not null;

    public static ServerLimits Create(string tag, LimitsSpec spec)
    {
        var split = tag.LastIndexOf('/');
        var (tree, service) = split < 0 ? ("", tag) : (tag[..split], tag[(split + 1)..]);
        return new ServerLimits(spec, LimitGroup.Create(tree, service, new ResourceCaps(spec.MemoryBytes, spec.Cores, spec.Processes)));
    }

    public Confinement Confinement => new()
    {
        ProcsFiles = _group.ProcsFiles,
        DataBytes = SampledMemoryBytes,
        OpenFiles = _spec.Files,
        MinOpenFiles = Confinement.ServerMinOpenFiles,
        OomScoreAdjustment = OomScore,
    };

    public int OomKills() => _group.OomKills();

    public void Remove() => _group.Remove();
}
