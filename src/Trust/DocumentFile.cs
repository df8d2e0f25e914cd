using Oci.Errors;

namespace Trust;

/// <summary>
/// Small documents that an operator keeps as files: read whole, within a limit, and written so that a reader sees the
/// old or the new one, never a part.
/// </summary>
internal static class DocumentFile
{
    /// <summary>The file's bytes, or null where there is no such file.</summary>
    /// <exception cref="PublicError">It can't be read, or is too long.</exception>
    public static byte[]? TryRead(string path, int limit, string what)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            var bytes = new byte[limit + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length <= limit
                ? bytes[..length]
                : throw new PublicError(ErrorId.Config, $"The {what} {path} is longer than {limit} bytes.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PublicError(ErrorId.Config, $"The {what} {path} can't be read: {e.Message}", e);
        }
    }

    /// <summary>The file's bytes.</summary>
    /// <exception cref="PublicError">There is none, it can't be read, or it is too long.</exception>
    public static byte[] Read(string path, int limit, string what) =>
        TryRead(path, limit, what) ?? throw new PublicError(ErrorId.Config, $"There is no {what} at {path}.");

    /// <summary>Writes beside and renames. A file that must not exist yet is linked into place, so that none is lost.</summary>
    /// <exception cref="PublicError">It can't be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes, UnixFileMode mode, bool overwrite, string what)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException();
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var temporary = Path.Combine(directory, $".{Path.GetFileName(path)}.{Guid.NewGuid():n}");
        try
        {
            // A directory of secrets is nobody else's; one that exists keeps the mode its owner gave it.
            Directory.CreateDirectory(
                directory,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            );
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = mode,
                BufferSize = 0,
            };
            using (var file = new FileStream(temporary, options))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new PublicError(ErrorId.Config, $"The {what} {path} can't be written: {e.Message}", e);
        }
    }

    /// <summary>Whether nobody but the owner may read or write the file.</summary>
    public static bool IsPrivate(string path)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException();
        return (File.GetUnixFileMode(path) & OthersMayUse) == UnixFileMode.None;
    }

    private const UnixFileMode OthersMayUse =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public const UnixFileMode Readable = Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
}
