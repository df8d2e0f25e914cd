using System.IO.Compression;
using Oci;
using Oci.Errors;

namespace CerroTorre.Rootfs;

/// <summary>A layer that was made of a directory.</summary>
/// <param name="Blob">Digest of the compressed layer.</param>
/// <param name="DiffId">Digest of the tar.</param>
/// <param name="Size">Bytes of the compressed layer.</param>
/// <param name="Skipped">Sockets: they mean nothing without who listens, and no tar has a type for them.</param>
internal sealed record BuiltLayer(Digest Blob, Digest DiffId, long Size, IReadOnlyList<string> Skipped);

/// <summary>
/// Makes one gzip layer of a root filesystem, the same bytes every time: entries sorted by their bytes, times no later
/// than <paramref name="created"/>, owners and modes as they are on disk, hard links kept.
/// </summary>
internal sealed class LayerBuilder(DateTimeOffset created)
{
    private readonly Dictionary<(uint, uint, ulong), string> _seen = [];
    private readonly List<string> _skipped = [];

    /// <summary>Bytes of file content that were packed, counted here; or null.</summary>
    public IProgress<long>? Progress { get; init; }

    /// <summary>Writes the layer of the root filesystem at <paramref name="directory"/> to <paramref name="output"/>.</summary>
    public async Task<BuiltLayer> BuildAsync(string directory, Stream output, CancellationToken cancellationToken)
    {
        using var root = new RootDirectory(directory);
        await using var blob = new HashingStream(output);
        Digest diffId;
        await using (var gzip = new GZipStream(blob, CompressionLevel.Optimal, leaveOpen: true))
        {
            await using var tar = new HashingStream(gzip);
            var layer = new LayerTar(tar);
            await AddAsync(root, layer, "", cancellationToken);
            await layer.FinishAsync(cancellationToken);
            diffId = tar.Finish();
        }
        return new BuiltLayer(blob.Finish(), diffId, blob.Written, _skipped);
    }

    private async Task AddAsync(RootDirectory root, LayerTar tar, string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var entry = root.Open(path);
        if (entry.Type == RootEntry.SocketType)
        {
            _skipped.Add(path);
            return;
        }
        await WriteAsync(tar, entry, cancellationToken);
        if (entry.Type != RootEntry.DirectoryType)
            return;
        foreach (var child in entry.Children())
            await AddAsync(root, tar, path.Length == 0 ? child : $"{path}/{child}", cancellationToken);
    }

    private async Task WriteAsync(LayerTar tar, RootEntry entry, CancellationToken cancellationToken)
    {
        RefuseWhiteout(entry.Path);
        if (FirstLinkOf(entry) is { } first)
        {
            await tar.WriteAsync(
                EntryOf(entry) with
                {
                    Type = LayerTar.HardLinkType,
                    LinkTarget = first,
                    Size = 0,
                },
                null,
                cancellationToken
            );
            return;
        }
        if (entry.Type != RootEntry.RegularType)
        {
            await tar.WriteAsync(EntryOf(entry), null, cancellationToken);
            return;
        }
        await using var content = new FileStream(entry.Handle, FileAccess.Read, bufferSize: 0);
        await tar.WriteAsync(EntryOf(entry), content, cancellationToken);
        Progress?.Report(entry.Stat.Size);
    }

    private LayerEntry EntryOf(RootEntry entry)
    {
        var stat = entry.Stat;
        var isDevice = entry.Type is RootEntry.CharacterType or RootEntry.BlockType;
        return new LayerEntry
        {
            Path =
                entry.Type == RootEntry.DirectoryType ? (entry.Path.Length == 0 ? "./" : entry.Path + "/") : entry.Path,
            Type = entry.Type switch
            {
                RootEntry.RegularType => LayerTar.RegularType,
                RootEntry.DirectoryType => LayerTar.DirectoryType,
                RootEntry.LinkType => LayerTar.SymbolicLinkType,
                RootEntry.CharacterType => LayerTar.CharacterType,
                RootEntry.BlockType => LayerTar.BlockType,
                RootEntry.FifoType => LayerTar.FifoType,
                var other => throw new PublicError(ErrorId.Usage, $"{entry.Path} has the unknown file type {other:x}"),
            },
            Mode = stat.Mode & 0xfff,
            Uid = stat.Uid,
            Gid = stat.Gid,
            Size = entry.Type == RootEntry.RegularType ? stat.Size : 0,
            ModifiedSeconds = Math.Min(stat.ModifiedSeconds, created.ToUnixTimeSeconds()),
            LinkTarget = entry.Type == RootEntry.LinkType ? entry.Target() : "",
            DeviceMajor = isDevice ? stat.DeviceMajor : 0,
            DeviceMinor = isDevice ? stat.DeviceMinor : 0,
            Xattrs = entry.Xattrs(),
        };
    }

    private string? FirstLinkOf(RootEntry entry)
    {
        if (entry.Type == RootEntry.DirectoryType || entry.Stat.LinkCount < 2)
            return null;
        var inode = (entry.Stat.FilesystemMajor, entry.Stat.FilesystemMinor, entry.Stat.Inode);
        if (_seen.TryGetValue(inode, out var first))
            return first;
        _seen.Add(inode, entry.Path);
        return null;
    }

    // In a layer such a name is an order to delete (OCI image-spec, "Whiteouts"), not a file.
    private static void RefuseWhiteout(string path)
    {
        if (Path.GetFileName(path).StartsWith(".wh.", StringComparison.Ordinal))
            throw new PublicError(
                ErrorId.Usage,
                $"{Packages.ShownText.Of(path, 200)}: a layer can't hold a file whose name begins with .wh."
            );
    }
}
