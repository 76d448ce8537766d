using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Supervisor.Processes.Interop;

namespace Supervisor.Processes;

/// <summary>One call of posix_spawn. The child is forked from the calling thread.</summary>
internal static unsafe class PosixSpawn
{
    private const int FirstFree = 3;
    private const int LastStandardSignal = 31;

    // Missing in musl. There the child gets the descriptors that are not close-on-exec; ProcessStartup has set that flag on all.
    private static bool _isCloseFromMissing;

    /// <summary>Returns the pid of the new process.</summary>
    public static int Run(SpawnPlan plan)
    {
        var attributes = stackalloc byte[LibC.SpawnAttributesSize];
        var actions = stackalloc byte[LibC.SpawnFileActionsSize];
        SetAttributes(attributes);
        LibC.posix_spawn_file_actions_init(actions);
        using var copies = new DescriptorCopies(plan.Request);
        using var path = new NativeStrings([plan.Executable]);
        using var argv = new NativeStrings(plan.Argv);
        using var environment = new NativeStrings(plan.Environment.Select(pair => $"{pair.Key}={pair.Value}"));
        try
        {
            AddFileActions(plan.Request, copies, actions);

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

    private static void SetAttributes(byte* attributes)
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

    // Order: the copies are numbered above every target, so no dup2 overwrites the source of a later one, and source never equals target (dup2 on itself
    // would keep close-on-exec set). All descriptors between and above the targets are closed at the end.
    private static void AddFileActions(SpawnRequest request, DescriptorCopies copies, byte* actions)
    {
        foreach (var (copy, target) in copies.All)
            ThrowOnError(LibC.posix_spawn_file_actions_adddup2(actions, copy, target));
        if (request.Terminal is { } terminal)
            OpenTerminal(terminal, actions);
        else
            OpenNull(request, actions);

        CloseTheRest(request, actions);
        ThrowOnError(LibC.posix_spawn_file_actions_addchdir_np(actions, request.WorkingDirectory));
    }

    // The leader of a new session that opens a terminal of no session gets it as its controlling terminal, with its own group in the foreground.
    private static void OpenTerminal(string path, byte* actions)
    {
        ThrowOnError(LibC.posix_spawn_file_actions_addopen(actions, 0, path, LibC.O_RDWR, 0));
        ThrowOnError(LibC.posix_spawn_file_actions_adddup2(actions, 0, 1));
        ThrowOnError(LibC.posix_spawn_file_actions_adddup2(actions, 0, 2));
    }

    private static void OpenNull(SpawnRequest request, byte* actions)
    {
        if (request.StandardInput is null)
            ThrowOnError(LibC.posix_spawn_file_actions_addopen(actions, 0, "/dev/null", LibC.O_RDONLY, 0));
        if (request.StandardOutput is null)
            ThrowOnError(LibC.posix_spawn_file_actions_addopen(actions, 1, "/dev/null", LibC.O_WRONLY, 0));
        if (request.StandardError is null)
            ThrowOnError(LibC.posix_spawn_file_actions_addopen(actions, 2, "/dev/null", LibC.O_WRONLY, 0));
    }

    private static void CloseTheRest(SpawnRequest request, byte* actions)
    {
        var targets = request.Inherit.Select(inherited => inherited.Target).ToHashSet();
        var last = targets.Count == 0 ? FirstFree - 1 : targets.Max();
        for (var between = FirstFree; between < last; between++)
        {
            if (!targets.Contains(between))
                ThrowOnError(LibC.posix_spawn_file_actions_addclose(actions, between));
        }

        if (_isCloseFromMissing)
            return;
        try
        {
            ThrowOnError(LibC.posix_spawn_file_actions_addclosefrom_np(actions, last + 1));
        }
        catch (EntryPointNotFoundException)
        {
            _isCloseFromMissing = true;
        }
    }

    // Fails only without memory or with an invalid descriptor number.
    private static void ThrowOnError(int errno)
    {
        if (errno != 0)
            throw SpawnErrors.CannotPrepareSpawn(errno);
    }

    /// <summary>Close-on-exec copies of all passed descriptors, numbered above every target; closed after the spawn.</summary>
    private sealed class DescriptorCopies : IDisposable
    {
        private readonly List<(int Copy, int Target)> _copies = [];

        public DescriptorCopies(SpawnRequest request)
        {
            var above = request.Inherit.Select(inherited => inherited.Target).Append(FirstFree).Max() + 1;
            try
            {
                Copy(request.StandardInput, 0, above, request);
                Copy(request.StandardOutput, 1, above, request);
                Copy(request.StandardError, 2, above, request);
                foreach (var (source, target) in request.Inherit)
                    Copy(source, target, above, request);
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        public IReadOnlyList<(int Copy, int Target)> All => _copies;

        public void Dispose()
        {
            foreach (var (copy, _) in _copies)
                LibC.close(copy);
            _copies.Clear();
        }

        private void Copy(SafeFileHandle? source, int target, int above, SpawnRequest request)
        {
            if (source is null)
                return;

            var held = false;
            try
            {
                source.DangerousAddRef(ref held);
                Copy((int)source.DangerousGetHandle(), target, above, request);
            }
            finally
            {
                if (held)
                    source.DangerousRelease();
            }
        }

        private void Copy(int source, int target, int above, SpawnRequest request)
        {
            var copy = LibC.fcntl(source, LibC.F_DUPFD_CLOEXEC, above);
            var errno = Marshal.GetLastPInvokeError();
            if (copy < 0)
                throw SpawnErrors.CannotCopyDescriptor(errno, source, target, request.Argv[0]);
            _copies.Add((copy, target));
        }
    }
}
