using Oci;
using Vordr.Storage.Extraction;
using Vordr.Storage.Tar;

namespace Vordr.Storage;

/// <summary>What unpacking a layer came to.</summary>
/// <param name="DiffId">Digest of the uncompressed tar, as read.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Inodes">Files made.</param>
internal sealed record ExtractedLayer(Digest DiffId, long Bytes, long Inodes);

/// <summary>
/// Unpacks a layer, whose every byte may be hostile, into a directory that overlayfs can stack. Nothing outside of the
/// directory is touched; on failure the directory is what the caller has to throw away.
/// <list type="number">
/// <item>Each entry is read, with everything that extended headers say about it.</item>
/// <item>Its path is normalised, and refused where readers would disagree.</item>
/// <item>It is made beneath the layer's descriptor; whiteouts become those of overlayfs.</item>
/// <item>What is only implied (the root, directories on the way) takes the looks of the layers beneath.</item>
/// <item>Directories get their times, and the tar's digest is told.</item>
/// </list>
/// </summary>
internal static class LayerExtractor
{
    /// <summary>Unpacks; runs on the calling thread, since it waits for nothing but disk and CPU.</summary>
    /// <param name="tar">The uncompressed tar.</param>
    /// <param name="directory">An existing, empty directory that only we may enter.</param>
    /// <param name="lower">Directories of the layers beneath, lowest first.</param>
    /// <param name="limits">What the layer may cost.</param>
    /// <param name="cancellationToken">Looked at between entries and pieces of files.</param>
    /// <exception cref="Oci.Errors.PublicError">Refused (<see cref="LayerRefusal"/>), or no space is left.</exception>
    public static ExtractedLayer Extract(
        Stream tar,
        string directory,
        IReadOnlyList<string> lower,
        ExtractionLimits limits,
        CancellationToken cancellationToken
    )
    {
        using var input = new TarInput(tar, limits.Bytes);
        using var lowerLayers = new LowerLayers(lower);
        using var tree = new LayerTree(directory, lowerLayers, limits);
        var reader = new TarReader(input, limits);
        var writer = new EntryWriter(tree, reader, limits);
        var whiteouts = new WhiteoutWriter(tree, lowerLayers, limits);

        while (reader.Next() is { } entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = EntryPath.Parse(entry.Name, limits.PathBytes);
            if (path.IsWhiteout)
                whiteouts.Note(entry, path);
            else
                writer.Write(entry, path, cancellationToken);
        }
        whiteouts.Finish(cancellationToken);
        if (!writer.HasRoot)
            tree.AdoptRoot();
        tree.ApplyTimes();
        return new ExtractedLayer(input.GetDigest(), input.Count, tree.Inodes);
    }
}
