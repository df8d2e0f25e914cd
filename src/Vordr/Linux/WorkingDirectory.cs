using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vordr.Linux;

/// <summary>
/// A working directory for one piece of work only: chdir(2) acts on the whole process, so the work runs on a thread
/// of its own that first takes its own copy of the file system state (unshare(2), CLONE_FS), and ends with it.
/// </summary>
internal static partial class WorkingDirectory
{
    /// <summary>Runs <paramref name="work"/> in <paramref name="directory"/>.</summary>
    public static Task<T> RunIn<T>(SafeFileHandle directory, Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                Namespaces.Unshare(Unshared.FileSystemState);
                LinuxError.Check(ChangeDirectory(directory), "fchdir");
                done.SetResult(work());
            }
#pragma warning disable CA1031 // Whatever it is, the task's awaiter gets it.
            catch (Exception failed)
#pragma warning restore CA1031
            {
                done.SetException(failed);
            }
        })
        {
            IsBackground = true,
            Name = "working directory",
        };
        thread.Start();
        return done.Task;
    }

    [LibraryImport("libc", EntryPoint = "fchdir", SetLastError = true)]
    private static partial int ChangeDirectory(SafeFileHandle directory);
}
