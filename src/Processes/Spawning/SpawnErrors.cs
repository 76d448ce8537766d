using System.Runtime.InteropServices;
using Supervisor.Processes.Interop;

namespace Supervisor.Processes;

/// <summary>Converts the errno of a failed spawn to an exception.</summary>
internal static class SpawnErrors
{
    public static SpawnException Explain(int errno, SpawnPlan plan)
    {
        var why = Marshal.GetPInvokeErrorMessage(errno);
        var program = plan.Executable;
        if (errno is LibC.ENOENT or LibC.ENOTDIR or LibC.EACCES && !Directory.Exists(plan.Request.WorkingDirectory))
            return new SpawnException(SpawnFailure.BadWorkingDirectory, $"{program} cannot be started in {plan.Request.WorkingDirectory}: {why}.");

        return errno switch
        {
            LibC.ENOENT or LibC.ENOTDIR => new SpawnException(SpawnFailure.NotFound, $"{program} cannot be started: {why}."),
            LibC.EACCES or LibC.EPERM or LibC.ENOEXEC or LibC.ELOOP =>
                new SpawnException(SpawnFailure.NotExecutable, $"{program} cannot be started: {why}."),
            _ when IsTransient(errno) => new SpawnException(SpawnFailure.Transient, $"{program} cannot be started just now: {why}."),
            _ => new SpawnException(SpawnFailure.Other, $"{program} cannot be started: {why}."),
        };
    }

    public static SpawnException CannotCopyDescriptor(int errno, int source, int target, string program) =>
        new(IsTransient(errno) ? SpawnFailure.Transient : SpawnFailure.Other,
            $"{program} cannot be given descriptor {source} as its {target}: {Marshal.GetPInvokeErrorMessage(errno)}.");

    public static SpawnException CannotPrepareSpawn(int errno) =>
        new(IsTransient(errno) ? SpawnFailure.Transient : SpawnFailure.Other,
            $"A process cannot be prepared: {Marshal.GetPInvokeErrorMessage(errno)}.");

    internal static bool IsTransient(int errno) =>
        errno is LibC.EAGAIN or LibC.ENOMEM or LibC.EMFILE or LibC.ENFILE or LibC.ETXTBSY;
}
