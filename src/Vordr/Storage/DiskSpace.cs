namespace Vordr.Storage;

/// <summary>How much the file system behind a directory still takes, and the guard that keeps some of it free.</summary>
internal static class DiskSpace
{
    /// <summary>Kept free so that state, logs and people can still write when a load ends.</summary>
    public const long DefaultKeepFree = 1L << 30;

    /// <summary>Bytes that may still be written beneath <paramref name="directory"/>.</summary>
    public static long Available(string directory) => throw new NotImplementedException();

    /// <summary>Refuses when writing <paramref name="bytes"/> would leave less than <paramref name="keepFree"/>.</summary>
    /// <exception cref="Oci.Errors.PublicError">NoSpace.</exception>
    public static void Require(string directory, long bytes, long keepFree = DefaultKeepFree) =>
        throw new NotImplementedException();
}
