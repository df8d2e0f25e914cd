using Microsoft.Win32.SafeHandles;
using Oci.Errors;
using Vordr.Linux;
using Vordr.Storage.Extraction;

namespace Vordr.Storage;

/// <summary>
/// Makes, in a mounted root, what will be mounted onto: where the runtime will look, that is with links followed
/// inside the root, whatever the image has there.
/// </summary>
internal static class MountPointMaker
{
    private const int PathLimit = 4096;
    private const int FileMode = 0x1a4; // 0644
    private const int DirectoryMode = 0x1ed; // 0755

    /// <summary>Makes one; what is there already stays as it is.</summary>
    /// <exception cref="PublicError">Usage: the path leads through something that is no directory.</exception>
    public static void Make(SafeFileHandle root, MountPoint mountPoint)
    {
        using var made = new DirectoryWalk(root, PathLimit).OpenAny(
            new UnixPath(mountPoint.Path).Bytes,
            (parent, name, _, found, isLast) =>
            {
                if (found is null)
                    MakeMissing(parent, name, isFile: isLast && mountPoint.IsFile);
                else if (!isLast)
                {
                    throw new PublicError(
                        ErrorId.Usage,
                        $"Nothing can be mounted at {mountPoint.Path}: the image has '{name}' on the way, and it is no directory."
                    );
                }
                return true;
            }
        );
    }

    private static void MakeMissing(SafeFileHandle parent, UnixPath name, bool isFile)
    {
        var errno = isFile
            ? FileSystem.TryMakeNode(parent, name, FileKind.Regular, 0, 0)
            : FileSystem.TryMakeDirectory(parent, name, DirectoryMode);
        EntryAttributes.Require(errno, isFile ? "mknodat" : "mkdirat", name);
        FileSystem.ChangeMode(parent, name, isFile ? FileMode : DirectoryMode);
    }
}
