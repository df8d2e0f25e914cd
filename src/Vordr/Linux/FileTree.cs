using Microsoft.Win32.SafeHandles;

namespace Vordr.Linux;

/// <summary>
/// Removes trees whose shape others chose: no link is followed, no mount crossed, and depth costs neither stack nor
/// descriptors, because what lies deep is first moved up.
/// </summary>
internal static class FileTree
{
    private const int Deep = 32;
    private const ResolveFlags Strictly =
        ResolveFlags.Beneath | ResolveFlags.NoSymlinks | ResolveFlags.NoMagicLinks | ResolveFlags.NoMounts;

    /// <summary>Removes what is at a path of ours, with everything beneath it; absent is fine.</summary>
    public static void Remove(string path)
    {
        var (parent, name) = (Path.GetDirectoryName(path)!, Path.GetFileName(path));
        if (!Directory.Exists(parent))
            return;
        using var directory = FileSystem.OpenDirectory(parent);
        Remove(directory, name);
    }

    /// <summary>Removes a name in a directory, with everything beneath it; absent is fine.</summary>
    public static void Remove(SafeFileHandle directory, UnixPath name) => Remove(directory, name, top: null, depth: 0);

    private static void Remove(SafeFileHandle directory, UnixPath name, SafeFileHandle? top, int depth)
    {
        var errno = FileSystem.TryUnlink(directory, name);
        if (errno is Errno.EISDIR or Errno.EPERM)
            errno = FileSystem.TryRemoveDirectory(directory, name);
        if (errno is 0 or Errno.ENOENT)
            return;
        if (errno is not (Errno.ENOTEMPTY or Errno.EEXIST))
            LinuxError.Throw("unlinkat", name.ToString(), errno);

        if (depth >= Deep && MoveUp(directory, name, top!))
            return;
        using (var inner = OpenAt2.TryOpen(directory, name, OpenFlags.Directory, Strictly, 0, out errno))
        {
            if (inner is null && errno != Errno.ENOENT)
                LinuxError.Throw("openat2", name.ToString(), errno);
            if (inner is null)
                return;
            Empty(inner, top ?? inner, depth);
        }
        errno = FileSystem.TryRemoveDirectory(directory, name);
        if (errno is not (0 or Errno.ENOENT))
            LinuxError.Throw("unlinkat", name.ToString(), errno);
    }

    // Reading a directory while names leave it may skip some (and MoveUp adds some): repeat until a pass sees nothing.
    private static void Empty(SafeFileHandle directory, SafeFileHandle top, int depth)
    {
        bool seen;
        do
        {
            seen = false;
            DirectoryEntries.Rewind(directory);
            while (DirectoryEntries.Next(directory) is { Count: > 0 } names)
            {
                seen = true;
                foreach (var name in names)
                    Remove(directory, name, top, depth + 1);
            }
        } while (seen);
    }

    private static bool MoveUp(SafeFileHandle directory, UnixPath name, SafeFileHandle top) =>
        FileSystem.TryRenameNew(directory, name, top, $".up-{Guid.NewGuid():N}") == 0;
}
