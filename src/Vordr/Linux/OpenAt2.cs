using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vordr.Linux;

/// <summary>Flags of open(2). The numbers that differ between architectures are chosen at run time.</summary>
[Flags]
internal enum OpenFlags
{
    /// <summary>O_RDONLY.</summary>
    ReadOnly = 0,

    /// <summary>O_WRONLY.</summary>
    WriteOnly = 1,

    /// <summary>O_RDWR.</summary>
    ReadWrite = 2,

    /// <summary>O_CREAT.</summary>
    Create = 0x40,

    /// <summary>O_EXCL.</summary>
    Exclusive = 0x80,

    /// <summary>O_NONBLOCK.</summary>
    NonBlocking = 0x800,

    /// <summary>O_DIRECTORY; translated for the architecture.</summary>
    Directory = 0x10000,

    /// <summary>O_NOFOLLOW; translated for the architecture.</summary>
    NoFollow = 0x20000,

    /// <summary>O_PATH.</summary>
    Path = 0x200000,
}

/// <summary><c>resolve</c> flags of openat2(2).</summary>
[Flags]
internal enum ResolveFlags : ulong
{
    /// <summary>RESOLVE_NO_XDEV: no mount point is crossed.</summary>
    NoMounts = 0x01,

    /// <summary>RESOLVE_NO_MAGICLINKS: /proc's links that lead anywhere are not followed.</summary>
    NoMagicLinks = 0x02,

    /// <summary>RESOLVE_NO_SYMLINKS: no symbolic link at all is followed.</summary>
    NoSymlinks = 0x04,

    /// <summary>RESOLVE_BENEATH: a path that leaves the directory fails with EXDEV.</summary>
    Beneath = 0x08,

    /// <summary>RESOLVE_IN_ROOT: the directory is <c>/</c> for absolute paths, links and <c>..</c>, as after chroot.</summary>
    InRoot = 0x10,
}

/// <summary>openat2(2), Linux 5.6: opens beneath a directory with the kernel holding the path to it.</summary>
internal static partial class OpenAt2
{
    private const int SystemCall = 437;
    private const int CloseOnExec = 0x80000;

    /// <summary>Opens; the descriptor is O_CLOEXEC.</summary>
    /// <exception cref="LinuxError">The kernel refused.</exception>
    public static SafeFileHandle Open(
        SafeFileHandle directory,
        UnixPath path,
        OpenFlags flags,
        ResolveFlags resolve,
        int mode = 0
    ) =>
        TryOpen(directory, path, flags, resolve, mode, out var errno)
        ?? throw LinuxError.Of("openat2", path.ToString(), errno);

    /// <summary>As <see cref="Open"/>; null and the error number when the kernel refused.</summary>
    public static SafeFileHandle? TryOpen(
        SafeFileHandle directory,
        UnixPath path,
        OpenFlags flags,
        ResolveFlags resolve,
        int mode,
        out int errno
    )
    {
        var how = new OpenHow
        {
            Flags = (ulong)(Native(flags) | CloseOnExec),
            Mode = flags.HasFlag(OpenFlags.Create) ? (ulong)mode : 0,
            Resolve = (ulong)resolve,
        };
        while (true)
        {
            var fd = SystemCallOpenAt2(
                SystemCall,
                directory,
                path.Terminated,
                in how,
                (nuint)Marshal.SizeOf<OpenHow>()
            );
            if (fd >= 0)
            {
                errno = 0;
                return new SafeFileHandle((nint)fd, ownsHandle: true);
            }
            errno = Marshal.GetLastPInvokeError();
            // EAGAIN: a rename elsewhere in the tree raced with a `..`; the kernel couldn't prove the path safe.
            if (errno is not (Errno.EINTR or Errno.EAGAIN))
                return null;
        }
    }

    /// <summary>The numbers of this architecture: O_DIRECTORY and O_NOFOLLOW are swapped with others on Arm.</summary>
    internal static int Native(OpenFlags flags)
    {
        var value = (int)flags;
        if (RuntimeInformation.ProcessArchitecture is not (Architecture.Arm64 or Architecture.Arm))
            return value;
        value &= ~(int)(OpenFlags.Directory | OpenFlags.NoFollow);
        if (flags.HasFlag(OpenFlags.Directory))
            value |= 0x4000;
        if (flags.HasFlag(OpenFlags.NoFollow))
            value |= 0x8000;
        return value;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long SystemCallOpenAt2(
        long number,
        SafeFileHandle directory,
        ReadOnlySpan<byte> path,
        in OpenHow how,
        nuint size
    );

    /// <summary><c>struct open_how</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }
}
