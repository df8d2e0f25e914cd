using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vordr.Linux;

/// <summary>Processes held by descriptor, so that a signal or a wait can't hit another one: pidfd_open(2), waitid(2).</summary>
internal static partial class PidFd
{
    private const int IdTypePidFd = 3;
    private const int Exited = 4;
    private const int NoHang = 1;
    private const int CodeExited = 1;

    /// <summary>A descriptor of the process, readable once it has ended; null when there is no such process.</summary>
    public static SafeFileHandle? TryOpen(int pid)
    {
        var descriptor = pidfd_open(pid, 0);
        if (descriptor >= 0)
            return new(descriptor, ownsHandle: true);
        return Marshal.GetLastPInvokeError() == Errno.ESRCH ? null : throw LinuxError.Of("pidfd_open");
    }

    /// <summary>Sends a signal; false when the process has ended.</summary>
    public static bool Send(SafeFileHandle pidfd, int signal)
    {
        if (pidfd_send_signal(pidfd, signal, 0, 0) == 0)
            return true;
        return Marshal.GetLastPInvokeError() == Errno.ESRCH ? false : throw LinuxError.Of("pidfd_send_signal");
    }

    /// <summary>Collects a child of ours that has ended; null while it runs.</summary>
    public static ChildExit? TryReap(SafeFileHandle pidfd) => Reap(pidfd, Exited | NoHang);

    /// <summary>Waits for the end of a child of ours and collects it.</summary>
    public static void Reap(SafeFileHandle pidfd) => Reap(pidfd, Exited);

    private static ChildExit? Reap(SafeFileHandle pidfd, int options)
    {
        // siginfo_t: si_signo, si_errno, si_code, padding on 64 bit, si_pid, si_uid, si_status.
        Span<int> info = stackalloc int[32];
        info.Clear();
        while (waitid(IdTypePidFd, pidfd, info, options) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Errno.EINTR)
                LinuxError.Throw("waitid");
        }
        return info[0] == 0 ? null : new(Signaled: info[2] != CodeExited, Status: info[6]);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int pidfd_open(int pid, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int pidfd_send_signal(SafeFileHandle pidfd, int signal, nint info, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int waitid(int idType, SafeFileHandle id, Span<int> info, int options);
}

/// <summary>How a child ended.</summary>
/// <param name="Signaled">Whether a signal ended it.</param>
/// <param name="Status">The signal, or the exit status.</param>
internal readonly record struct ChildExit(bool Signaled, int Status)
{
    /// <summary>The code a shell would show: the status, or 128 and the signal.</summary>
    public int Code => Signaled ? 128 + Status : Status;
}
