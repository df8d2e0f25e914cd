using Microsoft.Win32.SafeHandles;
using Vordr.Linux;

namespace Vordr.Storage.Extraction;

/// <summary>
/// The directory that a layer is unpacked into: finds and makes the directories that entries lie in. Every one is
/// opened beneath the layer's own descriptor, links resolved as after chroot, so no entry ends up outside of it.
/// </summary>
internal sealed class LayerTree : IDisposable
{
    private static readonly LowerDirectory Plain = new(
        new FileStatus
        {
            Kind = FileKind.Directory,
            Mode = 0x1ed, // 0755
            UserId = 0,
            GroupId = 0,
            Size = 0,
            Links = 0,
            Inode = 0,
            Device = default,
            Represents = default,
            Modified = default,
        },
        new Dictionary<string, byte[]>(StringComparer.Ordinal)
    );

    private readonly LowerLayers _lower;
    private readonly ExtractionLimits _limits;
    private readonly DirectoryWalk _walk;
    private readonly DirectoryTimes _times;
    private SafeFileHandle? _lastParent;
    private byte[]? _lastParentPath;

    /// <summary>Over an empty directory.</summary>
    public LayerTree(string directory, LowerLayers lower, ExtractionLimits limits)
    {
        _lower = lower;
        _limits = limits;
        Root = FileSystem.OpenDirectory(directory);
        _walk = new DirectoryWalk(Root, limits.PathBytes);
        _times = new DirectoryTimes(limits.DirectoryRecordBytes);
    }

    /// <summary>The layer's root.</summary>
    public SafeFileHandle Root { get; }

    /// <summary>Inodes made so far.</summary>
    public long Inodes { get; private set; }

    /// <summary>The directory that a path's last component lies in, made where missing. It belongs to the tree.</summary>
    /// <exception cref="Oci.Errors.PublicError">The path leads through something that is no directory.</exception>
    public SafeFileHandle ParentOf(EntryPath path) =>
        TryParentOf(path)
        ?? throw LayerRefused.Because(
            LayerRefusal.PathThroughFile,
            path.Whole,
            "its path leads through something that is no directory"
        );

    /// <summary>As <see cref="ParentOf"/>; null when the path leads through something that is no directory.</summary>
    public SafeFileHandle? TryParentOf(EntryPath path)
    {
        if (path.Parent.IsEmpty)
            return Root;
        if (_lastParentPath is not null && path.Parent.SequenceEqual(_lastParentPath))
            return _lastParent!;
        var parent = _walk.TryOpen(path.Parent) ?? _walk.Open(path.Parent, MakeImplied);
        if (parent is null)
            return null;
        _lastParent?.Dispose();
        _lastParent = parent;
        _lastParentPath = path.Parent.ToArray();
        return parent;
    }

    /// <summary>The directory that a path's last component lies in, if it exists; the caller disposes it.</summary>
    public SafeFileHandle? FindParentOf(EntryPath path) => _walk.TryOpen(path.Parent);

    /// <summary>Must be called when something was removed: the path that was resolved last may now lead elsewhere.</summary>
    public void PathsChanged() => _lastParentPath = null;

    /// <summary>Counts one more inode.</summary>
    public void CountInode()
    {
        if (++Inodes > _limits.Entries)
            throw LayerRefused.Because(LayerRefusal.TooManyEntries, $"it has more than {_limits.Entries} files");
    }

    /// <summary>Notes the time that a directory gets when nothing is put into it any more.</summary>
    public void NoteTime(ReadOnlySpan<byte> path, UnixTime time) => _times.Add(path, time);

    /// <summary>Gives the root the looks of the merged view beneath, for a layer that doesn't describe its root.</summary>
    public void AdoptRoot() => Adopt(Root, ".", default, _lower.Find(default) ?? Plain);

    /// <summary>Sets the directories' times.</summary>
    public void ApplyTimes() => _times.Apply(_walk);

    /// <inheritdoc/>
    public void Dispose()
    {
        _lastParent?.Dispose();
        _times.Dispose();
        Root.Dispose();
    }

    private bool MakeImplied(
        SafeFileHandle parent,
        UnixPath name,
        ReadOnlySpan<byte> realPath,
        FileStatus? found,
        bool isLast
    )
    {
        if (found is not null)
            return false;
        CountInode();
        EntryAttributes.Require(FileSystem.TryMakeDirectory(parent, name, 0x1c0), "mkdirat", name);
        Adopt(parent, name, realPath, _lower.Find(realPath) ?? Plain);
        return true;
    }

    private void Adopt(SafeFileHandle parent, UnixPath name, ReadOnlySpan<byte> realPath, LowerDirectory looks)
    {
        EntryAttributes.Adopt(parent, name, looks);
        NoteTime(realPath, looks.Status.Modified);
    }
}
