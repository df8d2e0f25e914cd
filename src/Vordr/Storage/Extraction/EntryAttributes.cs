using Microsoft.Win32.SafeHandles;
using Oci.Errors;
using Vordr.Linux;
using Vordr.Storage.Tar;

namespace Vordr.Storage.Extraction;

/// <summary>Owner, mode and extended attributes of what an entry has made.</summary>
internal static class EntryAttributes
{
    private const int RoomForXattrs = 16 << 20;

    /// <summary>
    /// Sets them, in the one order that works: chown(2) clears setuid bits and file capabilities, so the owner comes
    /// first.
    /// </summary>
    public static void Apply(SafeFileHandle parent, UnixPath name, TarEntry entry, ExtractionLimits limits)
    {
        FileSystem.ChangeOwner(parent, name, entry.UserId, entry.GroupId);
        if (entry.Kind != TarEntryKind.Symlink)
            FileSystem.ChangeMode(parent, name, entry.Mode);
        if (entry.Xattrs.Count > 0)
            SetXattrs(parent, name, entry, limits);
    }

    /// <summary>Makes a directory look like the one that the layers beneath have in its place.</summary>
    public static void Adopt(SafeFileHandle parent, UnixPath name, LowerDirectory looks)
    {
        FileSystem.ChangeOwner(parent, name, looks.Status.UserId, looks.Status.GroupId);
        FileSystem.ChangeMode(parent, name, looks.Status.Mode);
        foreach (var (attribute, value) in looks.Xattrs)
            Require(Xattr.Set(parent, name, attribute, value), "lsetxattr", name);
    }

    /// <summary>Hides what the layers beneath have in a directory.</summary>
    public static void MakeOpaque(SafeFileHandle parent, UnixPath name) =>
        Require(Xattr.Set(parent, name, Xattr.OverlayOpaque, "y"u8), "lsetxattr", name);

    /// <summary>Throws for an error number other than 0.</summary>
    public static void Require(int errno, string operation, UnixPath name)
    {
        if (errno != 0)
            LinuxError.Throw(operation, name.ToString(), errno);
    }

    private static void SetXattrs(SafeFileHandle parent, UnixPath name, TarEntry entry, ExtractionLimits limits)
    {
        if (entry.Xattrs.Sum(pair => (long)pair.Key.Length + pair.Value.Length) > limits.XattrBytes)
            throw Refused(entry, $"its extended attributes have more than {limits.XattrBytes} bytes");
        foreach (var (attribute, value) in entry.Xattrs)
        {
            switch (XattrRules.Judge(attribute))
            {
                case XattrFate.Refused:
                    throw Refused(entry, $"overlayfs would take its attribute {attribute} for its own");
                case XattrFate.Kept:
                    Check(Xattr.Set(parent, name, attribute, value), parent, attribute, entry);
                    break;
                case XattrFate.Dropped:
                    break;
            }
        }
    }

    private static void Check(int errno, SafeFileHandle parent, string attribute, TarEntry entry)
    {
        switch (errno)
        {
            case 0:
                return;
            case Errno.EOPNOTSUPP:
                throw new PublicError(
                    ErrorId.State,
                    $"The file system of the state directory can't keep the extended attribute {attribute} of '{UnixPath.Show(entry.Name)}'.",
                    "put the state directory on ext4, xfs or btrfs"
                );
            // ext4 says ENOSPC when the attributes of one inode don't fit into its block, with the disk all but empty.
            case Errno.ENOSPC when FileSystem.Free(parent).Bytes > RoomForXattrs:
            case Errno.EINVAL or Errno.E2BIG or Errno.ERANGE or Errno.EPERM:
                throw Refused(entry, $"its attribute {attribute} can't be set ({Errno.Name(errno)})");
            default:
                throw LinuxError.Of("lsetxattr", UnixPath.Show(entry.Name), errno);
        }
    }

    private static PublicError Refused(TarEntry entry, string fact) =>
        LayerRefused.Because(LayerRefusal.Xattr, entry.Name, fact);
}
