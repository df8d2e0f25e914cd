using Microsoft.Win32.SafeHandles;
using Oci.Errors;
using Vordr.Linux;
using Vordr.Storage.Tar;

namespace Vordr.Storage.Extraction;

/// <summary>
/// Turns the whiteouts of OCI layers (image-spec, layer, "Whiteouts") into those of overlayfs: <c>.wh.x</c> into a
/// character device 0/0 called <c>x</c>, <c>.wh..wh..opq</c> into an attribute of its directory. They hide what lower
/// layers have, never what this one has, in whatever order the entries come.
/// </summary>
internal sealed class WhiteoutWriter(LayerTree tree, LowerLayers lower)
{
    private static ReadOnlySpan<byte> Prefix => ".wh."u8;
    private static ReadOnlySpan<byte> Opaque => ".wh..wh..opq"u8;
    private bool _rootIsOpaque;

    /// <summary>Makes a whiteout.</summary>
    public void Write(TarEntry entry, EntryPath path)
    {
        if (entry is not { Kind: TarEntryKind.File, Size: 0 })
            throw Refused(entry, "a whiteout is an empty file");
        if (path.Name.SequenceEqual(Opaque))
            WriteOpaque(path);
        else
            WriteWhiteout(entry, path);
    }

    /// <summary>
    /// overlayfs merges the roots of its layers whatever attributes they carry: an opaque root is written as a
    /// whiteout, or an opaque directory, for each name beneath it. Called when every entry was made.
    /// </summary>
    public void Finish()
    {
        if (!_rootIsOpaque)
            return;
        foreach (var name in lower.RootNames())
            Hide(tree.Root, name);
    }

    private void WriteOpaque(EntryPath path)
    {
        if (path.Parent.IsEmpty)
            _rootIsOpaque = true;
        else
            EntryAttributes.MakeOpaque(tree.ParentOf(path), ".");
    }

    private void WriteWhiteout(TarEntry entry, EntryPath path)
    {
        var name = path.Name[Prefix.Length..];
        if (name.IsEmpty || name.SequenceEqual("."u8) || name.SequenceEqual(".."u8) || name.StartsWith(Prefix))
            throw Refused(entry, "it names nothing that could be hidden");
        Hide(tree.ParentOf(path), new UnixPath(name));
    }

    private void Hide(SafeFileHandle parent, UnixPath name)
    {
        var errno = FileSystem.TryMakeNode(parent, name, FileKind.CharacterDevice, 0, 0);
        if (errno != Errno.EEXIST)
        {
            EntryAttributes.Require(errno, "mknodat", name);
            tree.CountInode();
            // Equal layers give equal trees: no time of today in them.
            FileSystem.ChangeTime(parent, name, default);
            return;
        }
        // This layer has something of that name: a file hides the lower one anyway, a directory has to be opaque.
        if (FileSystem.TryStat(parent, name) is { Kind: FileKind.Directory })
            EntryAttributes.MakeOpaque(parent, name);
    }

    private static PublicError Refused(TarEntry entry, string fact) =>
        LayerRefused.Because(LayerRefusal.Whiteout, entry.Name, fact);
}
