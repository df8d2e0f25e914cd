using Oci.Errors;
using Vordr.Linux;

namespace Vordr.Storage;

/// <summary>Why a layer is refused. The names are stable: people and tests know them as <c>PATH_DOT_DOT</c> and so on.</summary>
internal enum LayerRefusal
{
    /// <summary>The compressed stream is damaged, truncated, or followed by something.</summary>
    Compression,

    /// <summary>The tar ends in the middle of an entry.</summary>
    Truncated,

    /// <summary>Something other than zeros follows the end of the archive.</summary>
    TrailingData,

    /// <summary>A header whose checksum is wrong.</summary>
    Checksum,

    /// <summary>A header field that isn't what the format allows.</summary>
    HeaderField,

    /// <summary>An entry type that layers don't have.</summary>
    EntryType,

    /// <summary>A sparse file, in any of the notations.</summary>
    Sparse,

    /// <summary>An extended header that isn't well-formed, or contradicts another one.</summary>
    ExtendedHeader,

    /// <summary>A global extended header that would change entries.</summary>
    GlobalHeader,

    /// <summary>A link, directory or device that claims to have content.</summary>
    ContentOfNonFile,

    /// <summary>More bytes than the limit.</summary>
    TooManyBytes,

    /// <summary>More inodes than the limit.</summary>
    TooManyEntries,

    /// <summary>A path with a <c>..</c> in it.</summary>
    PathDotDot,

    /// <summary>An entry without a name, or one that names the layer's root and is no directory.</summary>
    PathEmpty,

    /// <summary>A NUL within a path.</summary>
    PathNul,

    /// <summary>A path or one of its components is longer than the limit.</summary>
    PathTooLong,

    /// <summary>A path that leads through something that is no directory.</summary>
    PathThroughFile,

    /// <summary>A path that leads through a loop of symbolic links.</summary>
    SymlinkLoop,

    /// <summary>A symbolic link without a target.</summary>
    SymlinkEmpty,

    /// <summary>A hard link to something that isn't in this layer, or can't be linked.</summary>
    HardlinkTarget,

    /// <summary>A whiteout that names nothing, <c>.</c>, <c>..</c> or another whiteout, or isn't an empty file.</summary>
    Whiteout,

    /// <summary>A path through a name that is reserved for whiteouts.</summary>
    ReservedName,

    /// <summary>A device node that the kernel can't have, or that overlayfs would take for a whiteout.</summary>
    Device,

    /// <summary>An owner that the kernel reads as "leave it".</summary>
    Owner,

    /// <summary>Something else in the place of a directory that has content already.</summary>
    DirectoryReplaced,

    /// <summary>An extended attribute that overlayfs would take for its own, is too large, or isn't valid.</summary>
    Xattr,

    /// <summary>The uncompressed tar doesn't have the digest that the image config names.</summary>
    DiffId,
}

/// <summary>Makes the errors that people see when a layer is refused.</summary>
internal static class LayerRefused
{
    /// <summary>The stable code, e.g. <c>PATH_DOT_DOT</c>.</summary>
    public static string Code(this LayerRefusal refusal) =>
        string.Concat(
            refusal
                .ToString()
                .Select((c, i) => i > 0 && char.IsAsciiLetterUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}")
        );

    /// <summary>The error: its code, and what about the layer is wrong.</summary>
    public static PublicError Because(LayerRefusal refusal, string fact, Exception? cause = null)
    {
        var id = refusal == LayerRefusal.DiffId ? ErrorId.DigestMismatch : ErrorId.BundleMalformed;
        var message = $"The layer is refused ({refusal.Code()}): {fact}.";
        return cause is null ? new PublicError(id, message) : new PublicError(id, message, cause);
    }

    /// <summary>As above, about one entry; its name is shown with everything unprintable escaped.</summary>
    public static PublicError Because(LayerRefusal refusal, ReadOnlySpan<byte> entry, string fact) =>
        Because(refusal, $"entry '{UnixPath.Show(entry)}': {fact}");
}
