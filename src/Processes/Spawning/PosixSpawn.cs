using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Supervisor.Processes.Interop;

namespace Supervisor.Processes;

/// <summary>One call of posix_spawn. The child is forked from the calling thread.</summary>
internal static unsafe class PosixSpawn
{
    private const int FirstFree = 3;
    private const int LastStandardSignal = 31;

    // Missing in musl. Without it the child's descriptors are those that are not close-on-exec, which ProcessStartup has seen to.
    private static bool _closeFromIsMissing;

    /// <summary>The pid of the new process.</summary>
    public static int Run(SpawnPlan plan)
    {
        var attributes = stackalloc byte[LibC.SpawnAttributesSize];
        var actions = stackalloc byte[LibC.SpawnFileActionsSize];
        Prepare(attributes);
        LibC.posix_spawn_file_actions_init(actions);
        using var lent = new LentDescriptors(plan.Request);
        using var path = new NativeStrings([plan.Executable]);
        using var argv = new NativeStrings(plan.Argv);
        using var environment = new NativeStrings(plan.Environment.Select(pair => $"{pair.Key}={pair.Value}"));
        try
        {
            Describe(plan.Request, lent, actions);

            int pid;
            var errno = LibC.posix_spawn(&pid, path.Pointer[0], actions, attributes, argv.Pointer, environment.Pointer);
            return errno == 0 ? pid : throw SpawnErrors.Explain(errno, plan);
        }
        finally
        {
            LibC.posix_spawn_file_actions_destroy(actions);
            LibC.posix_spawnattr_destroy(attributes);
        }
    }

    private static void Prepare(byte* attributes)
    {
        var signals = stackalloc byte[LibC.SigSetSize];
        LibC.posix_spawnattr_init(attributes);
        LibC.sigemptyset(signals);
        LibC.posix_spawnattr_setsigmask(attributes, signals);

        for (var signal = 1; signal <= LastStandardSignal; signal++)
        {
            if (signal is not (LibC.SIGKILL or LibC.SIGSTOP))
                LibC.sigaddset(signals, signal);
        }

        // .NET ignores SIGPIPE, and an ignored signal stays ignored over exec.
        LibC.posix_spawnattr_setsigdefault(attributes, signals);
        LibC.posix_spawnattr_setflags(attributes, LibC.POSIX_SPAWN_SETSIGDEF | LibC.POSIX_SPAWN_SETSIGMASK | LibC.POSIX_SPAWN_SETSID);
    }

    // Order: the lent copies stand above every target, so no dup2 overwrites the source of a later one, and source equals target never
    // happens (dup2 on itself would leave close-on-exec set). What lies between and above the targets is closed at the end.
    private static void Describe(SpawnRequest request, LentDescriptors lent, byte* actions)
    {
        Must(LibC.posix_spawn_file_actions_addopen(actions, 0, "/dev/null", LibC.O_RDONLY, 0));
        foreach (var (copy, target) in lent.Copies)
            Must(LibC.posix_spawn_file_actions_adddup2(actions, copy, target));
        if (request.StandardOutput is null)
            Must(LibC.posix_spawn_file_actions_addopen(actions, 1, "/dev/null", LibC.O_WRONLY, 0));
        if (request.StandardError is null)
            Must(LibC.posix_spawn_file_actions_addopen(actions, 2, "/dev/null", LibC.O_WRONLY, 0));

        CloseTheRest(request, actions);
        Must(LibC.posix_spawn_file_actions_addchdir_np(actions, request.WorkingDirectory));
    }

    private static void CloseTheRest(SpawnRequest request, byte* actions)
    {
        var targets = request.Inherit.Select(inherited => inherited.Target).ToHashSet();
        var last = targets.Count == 0 ? FirstFree - 1 : targets.Max();
        for (var between = FirstFree; between < last; between++)
        {
            if (!targets.Contains(between))
                Must(LibC.posix_spawn_file_actions_addclose(actions, between));
        }

        if (_closeFromIsMissing)
            return;
        try
        {
            Must(LibC.posix_spawn_file_actions_addclosefrom_np(actions, last + 1));
        }
        catch (EntryPointNotFoundException)
        {
            _closeFromIsMissing = true;
        }
    }

    // Only memory or an absurd descriptor number can be lacking here.
    private static void Must(int errno)
    {
        if (errno != 0)
            throw SpawnErrors.CannotPrepare(errno);
    }

    /// <summary>Close-on-exec copies of everything that is handed over, numbered above every target; closed again after the spawn.</summary>
    private sealed class LentDescriptors : IDisposable
    {
        private readonly List<(int Copy, int Target)> _copies = [];

        public LentDescriptors(SpawnRequest request)
        {
            var above = request.Inherit.Select(inherited => inherited.Target).Append(FirstFree).Max() + 1;
            try
            {
                Lend(request.StandardOutput, 1, above, request);
                Lend(request.StandardError, 2, above, request);
                foreach (var (source, target) in request.Inherit)
                    Lend(source, target, above, request);
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        public IReadOnlyList<(int Copy, int Target)> Copies => _copies;

        public void Dispose()
        {
            foreach (var (copy, _) in _copies)
                LibC.close(copy);
            _copies.Clear();
        }

        private void Lend(SafeFileHandle? source, int target, int above, SpawnRequest request)
        {
            if (source is null)
                return;

            var held = false;
            try
            {
                source.DangerousAddRef(ref held);
                Lend((int)source.DangerousGetHandle(), target, above, request);
            }
            finally
            {
                if (held)
                    source.DangerousRelease();
            }
        }

        private void Lend(int source, int target, int above, SpawnRequest request)
        {
            var copy = LibC.fcntl(source, LibC.F_DUPFD_CLOEXEC, above);
            var errno = Marshal.GetLastPInvokeError();
            if (copy < 0)
                throw SpawnErrors.CannotLend(errno, source, target, request.Argv[0]);
            _copies.Add((copy, target));
        }
    }
}
