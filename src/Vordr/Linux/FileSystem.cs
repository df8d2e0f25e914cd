using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vordr.Linux;

/// <summary>
/// File system calls relative to an open directory: mkdirat(2), mknodat(2), linkat(2), symlinkat(2), unlinkat(2),
/// renameat2(2), fchownat(2), fchmodat(2), utimensat(2), readlinkat(2), statx(2), write(2), fsync(2), syncfs(2).
/// None of them follows the last component of a name.
/// </summary>
internal static partial class FileSystem
{
    private const int CurrentDirectory = -100;
    private const int CloseOnExec = 0x80000;
    private const int SymlinkNoFollow = 0x100;
    private const int RemoveDir = 0x200;
    private const int EmptyPath = 0x1000;
    private const int RenameNoReplace = 1;
    private const int RenameExchange = 2;

    /// <summary>The directory that names are relative to when a path of ours is absolute.</summary>
    public static SafeFileHandle WorkingDirectory { get; } = new(CurrentDirectory, ownsHandle: false);

    /// <summary>Opens a path of ours (never one from outside), O_CLOEXEC.</summary>
    public static SafeFileHandle OpenPath(string path, OpenFlags flags, int mode = 0)
    {
        while (true)
        {
            var fd = Open(new UnixPath(path).Terminated, OpenAt2.Native(flags) | CloseOnExec, (uint)mode);
            if (fd >= 0)
                return new SafeFileHandle(fd, ownsHandle: true);
            var errno = Marshal.GetLastPInvokeError();
            if (errno != Errno.EINTR)
                LinuxError.Throw("open", path, errno);
        }
    }

    /// <summary>Opens a directory of ours.</summary>
    public static SafeFileHandle OpenDirectory(string path) => OpenPath(path, OpenFlags.Directory);

    /// <summary>Status of an open file.</summary>
    public static FileStatus Stat(SafeFileHandle handle) =>
        Statx(handle, "\0"u8, SymlinkNoFollow | EmptyPath, StatxBasic, out var buffer) == 0
            ? buffer.ToStatus()
            : throw LinuxError.Of("statx");

    /// <summary>Status of a path of ours, or null when nothing is there.</summary>
    public static FileStatus? TryStat(string path) => TryStat(WorkingDirectory, path);

    /// <summary>Status of a name in a directory, or null when nothing is there; a symbolic link is described itself.</summary>
    public static FileStatus? TryStat(SafeFileHandle directory, UnixPath name)
    {
        if (Statx(directory, name.Terminated, SymlinkNoFollow, StatxBasic, out var buffer) == 0)
            return buffer.ToStatus();
        var errno = Marshal.GetLastPInvokeError();
        return errno == Errno.ENOENT ? null : throw LinuxError.Of("statx", name.ToString(), errno);
    }

    /// <summary>Makes a directory; returns 0 or the error number.</summary>
    public static int TryMakeDirectory(SafeFileHandle directory, UnixPath name, int mode) =>
        Result(MkDirAt(directory, name.Terminated, (uint)mode));

    /// <summary>Makes a device node, fifo or empty file; returns 0 or the error number.</summary>
    public static int TryMakeNode(SafeFileHandle directory, UnixPath name, FileKind kind, uint major, uint minor) =>
        Result(MkNodAt(directory, name.Terminated, (uint)kind | 0x180, Device(major, minor)));

    /// <summary>Makes a symbolic link; returns 0 or the error number.</summary>
    public static int TryMakeSymlink(SafeFileHandle directory, UnixPath name, UnixPath target) =>
        Result(SymlinkAt(target.Terminated, directory, name.Terminated));

    /// <summary>Makes a hard link to a name (a symbolic link is linked itself); returns 0 or the error number.</summary>
    public static int TryLink(SafeFileHandle fromDirectory, UnixPath from, SafeFileHandle toDirectory, UnixPath to) =>
        Result(LinkAt(fromDirectory, from.Terminated, toDirectory, to.Terminated, 0));

    /// <summary>Removes a name that is no directory; returns 0 or the error number.</summary>
    public static int TryUnlink(SafeFileHandle directory, UnixPath name) =>
        Result(UnlinkAt(directory, name.Terminated, 0));

    /// <summary>Removes an empty directory; returns 0 or the error number.</summary>
    public static int TryRemoveDirectory(SafeFileHandle directory, UnixPath name) =>
        Result(UnlinkAt(directory, name.Terminated, RemoveDir));

    /// <summary>Renames, replacing what rename(2) would replace; returns 0 or the error number.</summary>
    public static int TryRename(SafeFileHandle fromDirectory, UnixPath from, SafeFileHandle toDirectory, UnixPath to) =>
        Result(RenameAt2(fromDirectory, from.Terminated, toDirectory, to.Terminated, 0));

    /// <summary>Renames if the new name is free (RENAME_NOREPLACE); returns 0 or the error number.</summary>
    public static int TryRenameNew(
        SafeFileHandle fromDirectory,
        UnixPath from,
        SafeFileHandle toDirectory,
        UnixPath to
    ) => Result(RenameAt2(fromDirectory, from.Terminated, toDirectory, to.Terminated, RenameNoReplace));

    /// <summary>Swaps two names in one step (RENAME_EXCHANGE); returns 0 or the error number.</summary>
    public static int TryExchange(
        SafeFileHandle fromDirectory,
        UnixPath from,
        SafeFileHandle toDirectory,
        UnixPath to
    ) => Result(RenameAt2(fromDirectory, from.Terminated, toDirectory, to.Terminated, RenameExchange));

    /// <summary>Sets owner and group.</summary>
    public static void ChangeOwner(SafeFileHandle directory, UnixPath name, uint user, uint group) =>
        LinuxError.Check(
            FChownAt(directory, name.Terminated, user, group, SymlinkNoFollow),
            "fchownat",
            name.ToString()
        );

    /// <summary>Sets mode bits; the name must not be a symbolic link, whose mode means nothing.</summary>
    public static void ChangeMode(SafeFileHandle directory, UnixPath name, int mode) =>
        LinuxError.Check(FChModAt(directory, name.Terminated, (uint)mode, 0), "fchmodat", name.ToString());

    /// <summary>Sets access and modification time.</summary>
    public static void ChangeTime(SafeFileHandle directory, UnixPath name, UnixTime time)
    {
        ReadOnlySpan<UnixTime> times = [time, time];
        LinuxError.Check(UTimeNsAt(directory, name.Terminated, times, SymlinkNoFollow), "utimensat", name.ToString());
    }

    /// <summary>Target of a symbolic link, or null when the name isn't one.</summary>
    public static UnixPath? TryReadLink(SafeFileHandle directory, UnixPath name)
    {
        Span<byte> buffer = stackalloc byte[4096];
        var size = ReadLinkAt(directory, name.Terminated, buffer, (nuint)buffer.Length);
        if (size >= 0)
            return new UnixPath(buffer[..(int)size]);
        var errno = Marshal.GetLastPInvokeError();
        return errno is Errno.EINVAL or Errno.ENOENT ? null : throw LinuxError.Of("readlinkat", name.ToString(), errno);
    }

    /// <summary>Writes everything at the descriptor's position.</summary>
    public static void Write(SafeFileHandle handle, ReadOnlySpan<byte> content)
    {
        while (!content.IsEmpty)
        {
            var written = Write(handle, content, (nuint)content.Length);
            if (written >= 0)
                content = content[(int)written..];
            else if (Marshal.GetLastPInvokeError() != Errno.EINTR)
                LinuxError.Throw("write");
        }
    }

    /// <summary>Brings a file's, or a directory's, content to the disk.</summary>
    public static void Sync(SafeFileHandle handle) => LinuxError.Check(FSync(handle), "fsync");

    /// <summary>Brings everything on the file system that holds the handle to the disk.</summary>
    public static void SyncAll(SafeFileHandle handle) => LinuxError.Check(SyncFs(handle), "syncfs");

    /// <summary>Bytes and inodes free for the unprivileged, on the file system of an open file.</summary>
    public static (long Bytes, long Inodes) Free(SafeFileHandle handle)
    {
        LinuxError.Check(FStatVfs(handle, out var status), "fstatvfs");
        // A file system without a fixed number of inodes (btrfs) reports none in all: then they are no limit.
        var inodes = status.Files == 0 ? long.MaxValue : (long)Math.Min(status.FilesAvailable, long.MaxValue);
        return ((long)(status.BlocksAvailable * status.FragmentSize), inodes);
    }

    // makedev(3) of glibc.
    private static ulong Device(uint major, uint minor) =>
        ((ulong)(major & 0xfffff000) << 32)
        | ((ulong)(major & 0xfff) << 8)
        | ((ulong)(minor & 0xffffff00) << 12)
        | (minor & 0xff);

    private static int Result(int result) => result < 0 ? Marshal.GetLastPInvokeError() : 0;
}
