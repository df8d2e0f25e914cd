using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vordr.Linux;

/// <summary>
/// mount(2), umount2(2) and the descriptor-based fsopen(2), fsconfig(2), fsmount(2), move_mount(2). The system calls
/// are made directly: glibc has wrappers only since 2.36.
/// </summary>
internal static partial class Mount
{
    private const long MoveMount = 429;
    private const long FsOpen = 430;
    private const long FsConfig = 431;
    private const long FsMount = 432;

    private const int CloseOnExec = 1; // FSOPEN_CLOEXEC and FSMOUNT_CLOEXEC
    private const int ConfigFlag = 0;
    private const int ConfigString = 1;
    private const int ConfigCreate = 6;
    private const int MoveFromEmptyPath = 4;
    private const int Detach = 2;
    private const int NoFollow = 8;
    private const int CurrentDirectory = -100;
    private const ulong BindFlag = 0x1000;
    private const ulong RecursiveFlag = 0x4000;
    private const ulong PrivateFlag = 0x40000;

    /// <summary>Begins to configure a file system.</summary>
    public static SafeFileHandle Open(string type) =>
        new((nint)Require(SystemCallOpen(FsOpen, type, CloseOnExec), "fsopen", type), ownsHandle: true);

    /// <summary>Sets an option; returns 0 or the error number, since kernels differ in which options they know.</summary>
    public static int TryConfigure(SafeFileHandle context, string key, string value) =>
        SystemCallConfig(FsConfig, context, ConfigString, key, value, 0) < 0 ? Marshal.GetLastPInvokeError() : 0;

    /// <summary>Sets an option without a value.</summary>
    public static void SetFlag(SafeFileHandle context, string key) =>
        Require(SystemCallConfig(FsConfig, context, ConfigFlag, key, null, 0), "fsconfig", key);

    /// <summary>Makes the file system of what was configured, not attached anywhere; see mount_setattr(2) for the attributes.</summary>
    public static SafeFileHandle Create(SafeFileHandle context, MountAttributes attributes)
    {
        Require(SystemCallConfig(FsConfig, context, ConfigCreate, null, null, 0), "fsconfig", "create");
        var fd = Require(SystemCallMount(FsMount, context, CloseOnExec, (uint)attributes), "fsmount", null);
        return new SafeFileHandle((nint)fd, ownsHandle: true);
    }

    /// <summary>Attaches a mount at a path of ours.</summary>
    public static void Attach(SafeFileHandle mount, string target) =>
        Require(
            SystemCallMove(
                MoveMount,
                mount,
                "\0"u8,
                CurrentDirectory,
                new UnixPath(target).Terminated,
                MoveFromEmptyPath
            ),
            "move_mount",
            target
        );

    /// <summary>Mounts the classic way; all options must fit into one page.</summary>
    public static void Classic(string source, string target, string type, MountFlags flags, string data) =>
        LinuxError.Check(MountOf(source, target, type, (ulong)flags, data), "mount", target);

    /// <summary>Shows a file or directory at another path too.</summary>
    public static void Bind(string source, string target) =>
        LinuxError.Check(MountOf(source, target, null, BindFlag, null), "mount", target);

    /// <summary>Keeps mounts and unmounts of this thread's namespace from every other.</summary>
    public static void MakePrivate() =>
        LinuxError.Check(MountOf(null, "/", null, RecursiveFlag | PrivateFlag, null), "mount", "/");

    /// <summary>
    /// Takes the uppermost mount off a path of ours, even while it is in use (MNT_DETACH, UMOUNT_NOFOLLOW); false when
    /// nothing is mounted there.
    /// </summary>
    public static bool TryUnmount(string target)
    {
        if (UnmountOf(target, Detach | NoFollow) == 0)
            return true;
        var errno = Marshal.GetLastPInvokeError();
        return errno is Errno.EINVAL or Errno.ENOENT ? false : throw LinuxError.Of("umount2", target, errno);
    }

    private static long Require(long result, string operation, string? target) =>
        result < 0 ? throw LinuxError.Of(operation, target) : result;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial long SystemCallOpen(long number, string type, uint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial long SystemCallConfig(
        long number,
        SafeFileHandle context,
        uint command,
        string? key,
        string? value,
        long auxiliary
    );

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long SystemCallMount(long number, SafeFileHandle context, uint flags, uint attributes);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long SystemCallMove(
        long number,
        SafeFileHandle from,
        ReadOnlySpan<byte> fromPath,
        long to,
        ReadOnlySpan<byte> toPath,
        uint flags
    );

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MountOf(string? source, string target, string? type, ulong flags, string? data);

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnmountOf(string target, int flags);
}

/// <summary>Attributes of a mount, fsmount(2).</summary>
[Flags]
internal enum MountAttributes : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>MOUNT_ATTR_RDONLY.</summary>
    ReadOnly = 1,

    /// <summary>MOUNT_ATTR_NODEV.</summary>
    NoDevices = 4,
}

/// <summary>Flags of mount(2).</summary>
[Flags]
internal enum MountFlags : ulong
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>MS_RDONLY.</summary>
    ReadOnly = 1,

    /// <summary>MS_NODEV.</summary>
    NoDevices = 4,
}
