using Microsoft.Win32.SafeHandles;
using Oci.Errors;
using Vordr.Linux;
using Vordr.Storage.Tar;

namespace Vordr.Storage.Extraction;

/// <summary>
/// Makes one entry after the other. An existing name is never opened and written to, but removed and made anew: what
/// it links to, or is linked from, stays as it is. A later entry wins over an earlier one of the same name.
/// </summary>
internal sealed class EntryWriter(LayerTree tree, TarReader reader, ExtractionLimits limits)
{
    private const ResolveFlags Strictly =
        ResolveFlags.Beneath | ResolveFlags.NoSymlinks | ResolveFlags.NoMagicLinks | ResolveFlags.NoMounts;

    private const long SpaceCheckInterval = 64L << 20;
    private long _unchecked = SpaceCheckInterval;

    /// <summary>Whether the layer describes its root directory.</summary>
    public bool HasRoot { get; private set; }

    /// <summary>Makes an entry that is no whiteout.</summary>
    public void Write(TarEntry entry, EntryPath path, CancellationToken cancellationToken)
    {
        if (path.IsRoot)
        {
            WriteRoot(entry);
            return;
        }
        var parent = tree.ParentOf(path);
        var name = new UnixPath(path.Name);
        CountInode();
        switch (entry.Kind)
        {
            case TarEntryKind.Directory:
                MakeDirectory(parent, name);
                EntryAttributes.Apply(parent, name, entry, limits);
                tree.NoteTime(path.Whole, entry.Modified);
                return;
            case TarEntryKind.Hardlink:
                // The inode has its owner, mode and time from the entry that made it.
                Link(parent, name, entry);
                return;
            case TarEntryKind.File:
                WriteFile(parent, name, entry, cancellationToken);
                break;
            case TarEntryKind.Symlink:
                MakeSymlink(parent, name, entry);
                break;
            case TarEntryKind.CharacterDevice:
                MakeDevice(parent, name, entry, FileKind.CharacterDevice);
                break;
            case TarEntryKind.BlockDevice:
                MakeDevice(parent, name, entry, FileKind.BlockDevice);
                break;
            case TarEntryKind.Fifo:
                MakeNew(
                    parent,
                    name,
                    entry,
                    () => FileSystem.TryMakeNode(parent, name, FileKind.Fifo, 0, 0),
                    "mknodat"
                );
                break;
        }
        EntryAttributes.Apply(parent, name, entry, limits);
        FileSystem.ChangeTime(parent, name, entry.Modified);
    }

    private void CountInode()
    {
        tree.CountInode();
        // A file costs a block even when it is empty.
        CountBytes(4096);
    }

    private void WriteRoot(TarEntry entry)
    {
        if (entry.Kind != TarEntryKind.Directory)
            throw LayerRefused.Because(
                LayerRefusal.PathEmpty,
                entry.Name,
                "it stands for the root, and is no directory"
            );
        EntryAttributes.Apply(tree.Root, ".", entry, limits);
        tree.NoteTime(default, entry.Modified);
        HasRoot = true;
    }

    private void MakeDirectory(SafeFileHandle parent, UnixPath name)
    {
        var errno = FileSystem.TryMakeDirectory(parent, name, 0x1c0);
        if (errno == Errno.EEXIST)
        {
            if (FileSystem.TryStat(parent, name) is { Kind: FileKind.Directory })
                return;
            EntryAttributes.Require(FileSystem.TryUnlink(parent, name), "unlinkat", name);
            tree.PathsChanged();
            EntryAttributes.Require(FileSystem.TryMakeDirectory(parent, name, 0x1c0), "mkdirat", name);
            return;
        }
        EntryAttributes.Require(errno, "mkdirat", name);
    }

    private void WriteFile(SafeFileHandle parent, UnixPath name, TarEntry entry, CancellationToken cancellationToken)
    {
        const OpenFlags flags = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow;
        SafeFileHandle? file = null;
        MakeNew(
            parent,
            name,
            entry,
            () =>
            {
                file = OpenAt2.TryOpen(parent, name, flags, Strictly, 0x180, out var errno);
                return errno;
            },
            "openat2"
        );
        using (file)
        {
            while (reader.Read() is { IsEmpty: false } content)
            {
                cancellationToken.ThrowIfCancellationRequested();
                CountBytes(content.Length);
                FileSystem.Write(file!, content);
            }
        }
    }

    private void MakeSymlink(SafeFileHandle parent, UnixPath name, TarEntry entry)
    {
        if (entry.LinkName.Length == 0)
            throw LayerRefused.Because(LayerRefusal.SymlinkEmpty, entry.Name, "the link has no target");
        if (entry.LinkName.Length >= limits.PathBytes)
            throw LayerRefused.Because(LayerRefusal.PathTooLong, entry.Name, "the link's target is too long");
        // Kept as written, wherever it points to: it is resolved by the container, in the container's root.
        var target = new UnixPath(entry.LinkName);
        MakeNew(parent, name, entry, () => FileSystem.TryMakeSymlink(parent, name, target), "symlinkat");
    }

    private void MakeDevice(SafeFileHandle parent, UnixPath name, TarEntry entry, FileKind kind)
    {
        var (major, minor) = entry.Device;
        if (kind == FileKind.CharacterDevice && (major, minor) == (0, 0))
        {
            throw LayerRefused.Because(
                LayerRefusal.Device,
                entry.Name,
                "a character device 0:0 is how overlayfs writes that there is nothing"
            );
        }
        MakeNew(parent, name, entry, () => FileSystem.TryMakeNode(parent, name, kind, major, minor), "mknodat");
    }

    private void Link(SafeFileHandle parent, UnixPath name, TarEntry entry)
    {
        var target = EntryPath.Parse(entry.LinkName, limits.PathBytes);
        if (target.IsRoot || target.IsWhiteout)
            throw Refused(entry, "the target of the hard link can't be linked");
        using var targetParent = tree.FindParentOf(target);
        var targetName = new UnixPath(target.Name);
        var status = targetParent is null ? null : FileSystem.TryStat(targetParent, targetName);
        if (status is not { } linked)
            throw Refused(entry, "the target of the hard link isn't in this layer");
        if (linked.Kind == FileKind.Directory)
            throw Refused(entry, "the target of the hard link can't be linked");
        // Linking a name to itself would otherwise remove the only one.
        if (linked.Same(FileSystem.TryStat(parent, name)))
            return;
        MakeNew(parent, name, entry, () => FileSystem.TryLink(targetParent!, targetName, parent, name), "linkat");
    }

    /// <summary>Makes something that isn't a directory; what stands in its place goes first, unless it has content.</summary>
    private void MakeNew(SafeFileHandle parent, UnixPath name, TarEntry entry, Func<int> make, string operation)
    {
        var errno = make();
        if (errno == Errno.EEXIST)
        {
            var removed = FileSystem.TryUnlink(parent, name);
            if (removed is Errno.EISDIR or Errno.EPERM)
                removed = FileSystem.TryRemoveDirectory(parent, name);
            if (removed is Errno.ENOTEMPTY or Errno.EEXIST)
                throw LayerRefused.Because(
                    LayerRefusal.DirectoryReplaced,
                    entry.Name,
                    "a directory with content has its place"
                );
            EntryAttributes.Require(removed, "unlinkat", name);
            tree.PathsChanged();
            errno = make();
        }
        if (errno == Errno.EMLINK)
            throw Refused(entry, "the file has too many hard links");
        EntryAttributes.Require(errno, operation, name);
    }

    private void CountBytes(long count)
    {
        _unchecked += count;
        if (_unchecked < SpaceCheckInterval)
            return;
        _unchecked = 0;
        DiskSpace.Require(tree.Root, 0, limits.KeepFree);
    }

    private static PublicError Refused(TarEntry entry, string fact) =>
        LayerRefused.Because(LayerRefusal.HardlinkTarget, entry.Name, fact);
}
