using Vordr.Linux;

namespace Vordr.Storage.Tar;

/// <summary>What an entry makes.</summary>
internal enum TarEntryKind
{
    /// <summary>A regular file.</summary>
    File,

    /// <summary>A hard link to an earlier entry.</summary>
    Hardlink,

    /// <summary>A symbolic link.</summary>
    Symlink,

    /// <summary>A character device.</summary>
    CharacterDevice,

    /// <summary>A block device.</summary>
    BlockDevice,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A named pipe.</summary>
    Fifo,
}

/// <summary>One entry, with everything that its header and its extended headers say about it. Names are bytes.</summary>
internal sealed record TarEntry
{
    /// <summary>What the entry makes.</summary>
    public required TarEntryKind Kind { get; init; }

    /// <summary>Path as written; holds no NUL.</summary>
    public required byte[] Name { get; init; }

    /// <summary>Link target as written; holds no NUL.</summary>
    public required byte[] LinkName { get; init; }

    /// <summary>Permission bits, 07777.</summary>
    public required int Mode { get; init; }

    /// <summary>Owner, a uid that the kernel has.</summary>
    public required uint UserId { get; init; }

    /// <summary>Group, a gid that the kernel has.</summary>
    public required uint GroupId { get; init; }

    /// <summary>Bytes of content.</summary>
    public required long Size { get; init; }

    /// <summary>Modification time.</summary>
    public required UnixTime Modified { get; init; }

    /// <summary>Major and minor number of a device.</summary>
    public required (uint Major, uint Minor) Device { get; init; }

    /// <summary>Extended attributes, name → value.</summary>
    public required IReadOnlyDictionary<string, byte[]> Xattrs { get; init; }
}
