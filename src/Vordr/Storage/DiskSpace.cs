using Microsoft.Win32.SafeHandles;
using Oci.Errors;
using Vordr.Linux;

namespace Vordr.Storage;

/// <summary>How much the file system behind a directory still takes, and the guard that keeps some of it free.</summary>
internal static class DiskSpace
{
    /// <summary>Kept free so that state, logs and people can still write when a load ends.</summary>
    public const long DefaultKeepFree = 1L << 30;

    /// <summary>Bytes that may still be written beneath <paramref name="directory"/>.</summary>
    public static long Available(string directory)
    {
        using var handle = FileSystem.OpenDirectory(directory);
        return FileSystem.Free(handle).Bytes;
    }

    /// <summary>Refuses when writing <paramref name="bytes"/> would leave less than <paramref name="keepFree"/>.</summary>
    /// <exception cref="PublicError">NoSpace.</exception>
    public static void Require(string directory, long bytes, long keepFree = DefaultKeepFree)
    {
        using var handle = FileSystem.OpenDirectory(directory);
        Require(handle, bytes, keepFree);
    }

    /// <summary>As <see cref="Require(string, long, long)"/>, on the file system of an open file.</summary>
    public static void Require(SafeFileHandle handle, long bytes, long keepFree)
    {
        var free = FileSystem.Free(handle);
        // Compared this way round, since an announced size near the type's end must not overflow.
        if (free.Bytes - keepFree < bytes || free.Inodes < 1)
        {
            throw new PublicError(
                ErrorId.NoSpace,
                $"No space is left: {bytes} bytes are needed, {free.Bytes} are free, and {keepFree} of them are kept free.",
                "free space on the file system that holds the state directory, then try again"
            );
        }
    }
}
