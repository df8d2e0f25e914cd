using System.Runtime.InteropServices;

namespace Vordr.Linux;

/// <summary>The kind of an inode, the <c>S_IFMT</c> bits of its mode (inode(7)).</summary>
internal enum FileKind
{
    /// <summary>S_IFIFO.</summary>
    Fifo = 0x1000,

    /// <summary>S_IFCHR.</summary>
    CharacterDevice = 0x2000,

    /// <summary>S_IFDIR.</summary>
    Directory = 0x4000,

    /// <summary>S_IFBLK.</summary>
    BlockDevice = 0x6000,

    /// <summary>S_IFREG.</summary>
    Regular = 0x8000,

    /// <summary>S_IFLNK.</summary>
    SymbolicLink = 0xa000,

    /// <summary>S_IFSOCK.</summary>
    Socket = 0xc000,
}

/// <summary>A point in time as the kernel keeps it, <c>struct timespec</c>.</summary>
/// <param name="Seconds">Seconds since 1970, negative before.</param>
/// <param name="Nanoseconds">0 to 999,999,999, always forward.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct UnixTime(long Seconds, long Nanoseconds);

/// <summary>What statx(2) tells about an inode.</summary>
internal readonly record struct FileStatus
{
    /// <summary>Kind of the inode.</summary>
    public required FileKind Kind { get; init; }

    /// <summary>Permission, setuid, setgid and sticky bits (07777).</summary>
    public required int Mode { get; init; }

    /// <summary>Owner.</summary>
    public required uint UserId { get; init; }

    /// <summary>Group.</summary>
    public required uint GroupId { get; init; }

    /// <summary>Size in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Number of hard links.</summary>
    public required uint Links { get; init; }

    /// <summary>Inode number.</summary>
    public required ulong Inode { get; init; }

    /// <summary>Major and minor number of the device that the inode is on.</summary>
    public required (uint Major, uint Minor) Device { get; init; }

    /// <summary>Major and minor number that a device node stands for.</summary>
    public required (uint Major, uint Minor) Represents { get; init; }

    /// <summary>Last modification.</summary>
    public required UnixTime Modified { get; init; }

    /// <summary>How overlayfs writes "nothing here": a character device 0/0 (kernel docs, overlayfs, "whiteouts").</summary>
    public bool IsWhiteout => Kind == FileKind.CharacterDevice && Represents == (0, 0);

    /// <summary>Whether both are one inode.</summary>
    public bool Same(FileStatus? other) => other is { } status && status.Inode == Inode && status.Device == Device;
}

/// <summary><c>struct statx</c> of statx(2): 256 bytes, laid out alike on every architecture.</summary>
[StructLayout(LayoutKind.Sequential, Size = 256)]
internal struct StatxBuffer
{
    public uint Mask;
    public uint BlockSize;
    public ulong Attributes;
    public uint Links;
    public uint UserId;
    public uint GroupId;
    public ushort Mode;
    public ushort Spare;
    public ulong Inode;
    public ulong Size;
    public ulong Blocks;
    public ulong AttributesMask;
    public StatxTime Accessed;
    public StatxTime Born;
    public StatxTime Changed;
    public StatxTime Modified;
    public uint RepresentsMajor;
    public uint RepresentsMinor;
    public uint DeviceMajor;
    public uint DeviceMinor;

    public readonly FileStatus ToStatus() =>
        new()
        {
            Kind = (FileKind)(Mode & 0xf000),
            Mode = Mode & 0xfff,
            UserId = UserId,
            GroupId = GroupId,
            Size = (long)Size,
            Links = Links,
            Inode = Inode,
            Device = (DeviceMajor, DeviceMinor),
            Represents = (RepresentsMajor, RepresentsMinor),
            Modified = new UnixTime(Modified.Seconds, Modified.Nanoseconds),
        };
}

/// <summary><c>struct statx_timestamp</c>.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal struct StatxTime
{
    public long Seconds;
    public uint Nanoseconds;
    public int Reserved;
}
