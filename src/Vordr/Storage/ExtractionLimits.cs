namespace Vordr.Storage;

/// <summary>
/// What one layer may cost. The defaults are those of the design; settings may change them, tests lower them.
/// </summary>
internal sealed record ExtractionLimits
{
    /// <summary>The limits in force where no setting says otherwise.</summary>
    public static ExtractionLimits Default { get; } = new();

    /// <summary>Bytes of the uncompressed tar, headers included. Sparse entries are refused, so no file is larger than its bytes.</summary>
    public long Bytes { get; init; } = 64L << 30;

    /// <summary>Inodes: entries of the tar, and every directory that an entry's path implies.</summary>
    public long Entries { get; init; } = 4_000_000;

    /// <summary>Bytes of one path, and of one link target; the kernel's PATH_MAX counts the final NUL.</summary>
    public int PathBytes { get; init; } = 4096;

    /// <summary>Bytes of all extended attributes of one entry, names and values.</summary>
    public int XattrBytes { get; init; } = 64 << 10;

    /// <summary>
    /// Bytes of memory for the directories' times, which can only be set at the end: three million honest paths.
    /// </summary>
    public int DirectoryRecordBytes { get; init; } = 256 << 20;

    /// <summary>Bytes that stay free on the file system.</summary>
    public long KeepFree { get; init; } = DiskSpace.DefaultKeepFree;
}
