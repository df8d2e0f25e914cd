using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CerroTorre.Linux;

/// <summary>The kernel calls that reading a root filesystem and re-using a bundle's blobs need. One line, one man page.</summary>
internal static unsafe partial class NativeMethods
{
    public const int AtEmptyPath = 0x1000;
    public const uint StatxBasicStats = 0x7ff;

    public const int ReadOnly = 0;
    public const int NonBlock = 0x800;
    public const int DirectoryOnly = 0x10000;
    public const int NoFollow = 0x20000;
    public const int CloseOnExec = 0x80000;
    public const int PathOnly = 0x200000;

    // Generic syscall numbers above 424 are the same on every architecture.
    private const long OpenAt2Number = 437;
    private const ulong ResolveNoMagicLinks = 0x02;
    private const ulong ResolveNoSymlinks = 0x04;
    private const ulong ResolveBeneath = 0x08;

    /// <summary>openat2(2): below <paramref name="directory"/>, through no symbolic link. -1 on failure.</summary>
    public static int OpenBeneath(SafeFileHandle directory, byte[] path, int flags)
    {
        var how = new OpenHow
        {
            Flags = (ulong)(uint)(flags | CloseOnExec),
            Resolve = ResolveBeneath | ResolveNoSymlinks | ResolveNoMagicLinks,
        };
        fixed (byte* name = path)
        {
            return (int)Syscall(
                OpenAt2Number,
                directory.DangerousGetHandle().ToInt32(),
                name,
                &how,
                (nuint)sizeof(OpenHow)
            );
        }
    }

    /// <summary>open(2).</summary>
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    /// <summary>statx(2).</summary>
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    public static partial int Statx(SafeFileHandle directory, byte[] path, int flags, uint mask, out Statx result);

    /// <summary>readlinkat(2).</summary>
    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    public static partial nint ReadLinkAt(SafeFileHandle directory, byte[] path, byte* buffer, nuint size);

    /// <summary>listxattr(2).</summary>
    [LibraryImport("libc", EntryPoint = "listxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint ListXattr(string path, byte* list, nuint size);

    /// <summary>getxattr(2).</summary>
    [LibraryImport("libc", EntryPoint = "getxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint GetXattr(string path, string name, byte* value, nuint size);

    /// <summary>copy_file_range(2); both offsets are kept by the files.</summary>
    [LibraryImport("libc", EntryPoint = "copy_file_range", SetLastError = true)]
    public static partial nint CopyFileRange(
        SafeFileHandle from,
        ref long fromOffset,
        SafeFileHandle to,
        ref long toOffset,
        nuint length,
        uint flags
    );

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long Syscall(long number, int directory, byte* path, OpenHow* how, nuint size);

    [StructLayout(LayoutKind.Sequential)]
    private struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }
}

/// <summary>struct statx of statx(2), as far as a tar entry needs it.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct Statx
{
    [FieldOffset(16)]
    public uint LinkCount;

    [FieldOffset(20)]
    public uint Uid;

    [FieldOffset(24)]
    public uint Gid;

    [FieldOffset(28)]
    public ushort Mode;

    [FieldOffset(32)]
    public ulong Inode;

    [FieldOffset(40)]
    public long Size;

    [FieldOffset(112)]
    public long ModifiedSeconds;

    [FieldOffset(128)]
    public uint DeviceMajor;

    [FieldOffset(132)]
    public uint DeviceMinor;

    [FieldOffset(136)]
    public uint FilesystemMajor;

    [FieldOffset(140)]
    public uint FilesystemMinor;
}
