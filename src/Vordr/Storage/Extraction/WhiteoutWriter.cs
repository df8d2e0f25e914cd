using Microsoft.Win32.SafeHandles;
using Oci.Errors;
using Vordr.Linux;
using Vordr.Storage.Tar;

namespace Vordr.Storage.Extraction;

/// <summary>
/// Turns the whiteouts of OCI layers (image-spec, layer, "Whiteouts") into those of overlayfs: <c>.wh.x</c> into a
/// character device 0/0 called <c>x</c>, <c>.wh..wh..opq</c> into an attribute of its directory. They hide what lower
/// layers have, never what this one has, in whatever order the entries come: so they are noted, and made when every
/// other entry was. A whiteout beneath something that this layer has, or hides, as a whole has nothing left to do.
/// </summary>
internal sealed class WhiteoutWriter(LayerTree tree, LowerLayers lower, ExtractionLimits limits)
{
    private const int RecordOverhead = 64;
    private readonly List<byte[]> _noted = [];
    private long _bytes;

    private static ReadOnlySpan<byte> Prefix => ".wh."u8;
    private static ReadOnlySpan<byte> Opaque => ".wh..wh..opq"u8;

    /// <summary>Checks a whiteout and notes it.</summary>
    public void Note(TarEntry entry, EntryPath path)
    {
        if (entry is not { Kind: TarEntryKind.File, Size: 0 })
            throw Refused(entry, "a whiteout is an empty file");
        var name = path.Name[Prefix.Length..];
        var isOpaque = path.Name.SequenceEqual(Opaque);
        if (!isOpaque && (name is [] or [(byte)'.'] or [(byte)'.', (byte)'.'] || name.StartsWith(Prefix)))
            throw Refused(entry, "it names nothing that could be hidden");
        _bytes += path.Whole.Length + RecordOverhead;
        if (_bytes > limits.DirectoryRecordBytes)
        {
            throw LayerRefused.Because(
                LayerRefusal.TooManyEntries,
                $"the paths of its whiteouts have more than {limits.DirectoryRecordBytes} bytes"
            );
        }
        // Noted under the path that it hides, so that sorting puts a directory before what lies in it.
        var parent = path.Whole[..^path.Name.Length];
        _noted.Add(isOpaque ? path.Whole.ToArray() : [.. parent, .. name]);
    }

    /// <summary>Makes them. Called when every other entry was made.</summary>
    public void Finish(CancellationToken cancellationToken)
    {
        _noted.Sort(static (left, right) => left.AsSpan().SequenceCompareTo(right));
        foreach (var noted in _noted)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = EntryPath.OfNormal(noted);
            if (tree.TryParentOf(path) is not { } parent)
                continue;
            if (!path.Name.SequenceEqual(Opaque))
                Hide(parent, new UnixPath(path.Name));
            else if (path.Parent.IsEmpty)
                HideRoot();
            else
                EntryAttributes.MakeOpaque(parent, ".");
        }
    }

    // overlayfs merges the roots of its layers whatever attributes they carry.
    private void HideRoot()
    {
        foreach (var name in lower.RootNames())
            Hide(tree.Root, name);
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
