using Microsoft.Win32.SafeHandles;
using Oci.Errors;
using Vordr.Linux;

namespace Vordr.Specs;

/// <summary>
/// Looks into a mounted root filesystem without ever leaving it: the kernel resolves every path with the root as
/// <c>/</c>, as after chroot (openat2(2), <c>RESOLVE_IN_ROOT</c>), so that no link of an image leads to a host file.
/// </summary>
internal sealed class RootfsFiles : IDisposable
{
    private const ResolveFlags Inside = ResolveFlags.InRoot | ResolveFlags.NoMagicLinks;
    private const long LargestFile = 8 * 1024 * 1024;
    private const int DefaultMode = 0x1ed;

    private readonly SafeFileHandle root;

    /// <summary>Opens the root filesystem.</summary>
    public RootfsFiles(string rootfs) => root = FileSystem.OpenDirectory(rootfs);

    /// <summary>The text of a regular file, or null when there is none.</summary>
    public string? TryReadText(string path)
    {
        // Non-blocking: an image may hold a FIFO by this name, whose opening would wait for ever.
        using var file = OpenAt2.TryOpen(root, path, OpenFlags.ReadOnly | OpenFlags.NonBlocking, Inside, 0, out _);
        if (file is null)
            return null;
        var status = FileSystem.Stat(file);
        if (status.Kind != FileKind.Regular)
            return null;
        if (status.Size > LargestFile)
            throw new PublicError(ErrorId.BundleMalformed, $"The image's {path} is larger than {LargestFile} bytes.");
        using var reader = new StreamReader(new FileStream(file, FileAccess.Read));
        return reader.ReadToEnd();
    }

    /// <summary>
    /// Makes sure that a directory exists, owned by root, each missing part in turn. False when it can't be: something
    /// else is in the way, or the filesystem is read-only.
    /// </summary>
    public bool EnsureDirectory(string path)
    {
        var made = "";
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var parent = made.Length == 0 ? "/" : made;
            made = $"{made}/{part}";
            if (IsDirectory(made))
                continue;
            using var directory = OpenAt2.TryOpen(root, parent, OpenFlags.Directory, Inside, 0, out _);
            if (directory is null || FileSystem.TryMakeDirectory(directory, part, DefaultMode) != 0)
                return false;
        }
        return true;
    }

    /// <summary>Whether a directory is there.</summary>
    public bool IsDirectory(string path)
    {
        using var directory = OpenAt2.TryOpen(root, path, OpenFlags.Directory | OpenFlags.Path, Inside, 0, out _);
        return directory is not null;
    }

    /// <inheritdoc/>
    public void Dispose() => root.Dispose();
}
