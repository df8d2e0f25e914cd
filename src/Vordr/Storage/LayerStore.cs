using Oci;
using Vordr.Linux;

namespace Vordr.Storage;

/// <summary>
/// Unpacked layers: <c>layers/&lt;chain id&gt;/</c>, each made once in the staging area and then renamed, with its short
/// alias <c>l/&lt;12 hex&gt;</c>. Safe between processes: a layer is unpacked under its own file lock in the run root.
/// </summary>
internal sealed class LayerStore
{
    private readonly string _layers;
    private readonly string _locks;
    private readonly LayerAliases _aliases;
    private readonly StagingArea _staging;
    private readonly ContentStore _content;
    private readonly ExtractionLimits _limits;

    /// <summary>Opens, and makes where missing, <c>layers/</c> and <c>l/</c> beneath <paramref name="root"/>.</summary>
    /// <param name="root">State directory.</param>
    /// <param name="runRoot">Run directory; locks are in its <c>locks/</c>.</param>
    /// <param name="content">Where the blobs are.</param>
    /// <param name="limits">What one layer may cost.</param>
    public LayerStore(string root, string runRoot, ContentStore content, ExtractionLimits? limits = null)
    {
        _layers = Path.Combine(root, "layers");
        _locks = Path.Combine(runRoot, "locks");
        _content = content;
        _limits = limits ?? ExtractionLimits.Default;
        PrivateDirectory.Create(_layers);
        PrivateDirectory.Create(_locks);
        _aliases = new LayerAliases(root);
        _staging = new StagingArea(root);
    }

    /// <summary>The unpacked layers of an image, lowest first; missing ones are unpacked now.</summary>
    /// <exception cref="Oci.Errors.PublicError">A layer is refused (BundleMalformed, DigestMismatch), or no space is left.</exception>
    public async Task<IReadOnlyList<Layer>> EnsureAllAsync(
        IReadOnlyList<LayerSource> sources,
        CancellationToken cancellationToken
    )
    {
        var layers = new List<Layer>();
        foreach (var source in sources)
        {
            var chainId = ChainId.Of(layers.Count == 0 ? null : layers[^1].ChainId, source.DiffId);
            layers.Add(Find(chainId) ?? await UnpackAsync(chainId, source, layers, cancellationToken));
        }
        return layers;
    }

    /// <summary>The layer, if it is unpacked.</summary>
    public Layer? Find(Digest chainId)
    {
        var directory = PathOf(chainId);
        return Directory.Exists(directory) ? new Layer(chainId, _aliases.Ensure(chainId), directory) : null;
    }

    /// <summary>Chain ids of every unpacked layer, in no order.</summary>
    public IEnumerable<Digest> List()
    {
        foreach (var path in Directory.EnumerateDirectories(_layers))
        {
            if (Digest.TryFromHex(Path.GetFileName(path), out var chainId))
                yield return chainId;
        }
    }

    /// <summary>Removes a layer that nothing references any more; the caller holds the store lock. Absent is fine.</summary>
    public async Task RemoveAsync(Digest chainId, CancellationToken cancellationToken)
    {
        var leaving = _staging.NewPath("removed");
        using (var held = await LockAsync(chainId, cancellationToken))
        {
            // Out of sight in one step: a layer that is half removed must never be mounted.
            var errno = FileSystem.TryRename(
                FileSystem.WorkingDirectory,
                PathOf(chainId),
                FileSystem.WorkingDirectory,
                leaving
            );
            if (errno is not (0 or Errno.ENOENT))
                LinuxError.Throw("renameat2", PathOf(chainId), errno);
            _aliases.Remove(chainId);
            held.Unlink();
        }
        await Task.Run(() => FileTree.Remove(leaving), CancellationToken.None);
    }

    private async Task<Layer> UnpackAsync(
        Digest chainId,
        LayerSource source,
        IReadOnlyList<Layer> lower,
        CancellationToken cancellationToken
    )
    {
        using var held = await LockAsync(chainId, cancellationToken);
        try
        {
            return Find(chainId) ?? await UnpackLockedAsync(chainId, source, lower, cancellationToken);
        }
        finally
        {
            held.Unlink();
        }
    }

    private async Task<Layer> UnpackLockedAsync(
        Digest chainId,
        LayerSource source,
        IReadOnlyList<Layer> lower,
        CancellationToken cancellationToken
    )
    {
        var staged = _staging.NewPath("layer");
        try
        {
            PrivateDirectory.Create(staged);
            await Task.Run(() => Unpack(source, staged, lower, cancellationToken), cancellationToken);
            Published.TryRenameNew(staged, PathOf(chainId));
        }
        finally
        {
            // Gone already when it was renamed.
            await Task.Run(() => FileTree.Remove(staged), CancellationToken.None);
        }
        return Find(chainId) ?? throw new InvalidOperationException($"The layer {chainId} vanished under its lock.");
    }

    private void Unpack(
        LayerSource source,
        string directory,
        IReadOnlyList<Layer> lower,
        CancellationToken cancellationToken
    )
    {
        using var tar = LayerDecompression.Open(_content.OpenRead(source.Blob), source.Compression);
        var lowerDirectories = lower.Select(layer => layer.Directory).ToList();
        var layer = LayerExtractor.Extract(tar, directory, lowerDirectories, _limits, cancellationToken);
        if (layer.DiffId != source.DiffId)
        {
            throw LayerRefused.Because(
                LayerRefusal.DiffId,
                $"uncompressed it is {layer.DiffId}, and the image config says {source.DiffId}"
            );
        }
        // The rename must not reach the disk before the content has: after a power cut, a layer is whole or absent.
        using var handle = FileSystem.OpenDirectory(directory);
        FileSystem.SyncAll(handle);
    }

    private Task<FileLock> LockAsync(Digest chainId, CancellationToken cancellationToken) =>
        FileLock.AcquireAsync(Path.Combine(_locks, $"layer-{chainId.Hex}"), exclusive: true, cancellationToken);

    private string PathOf(Digest chainId) => Path.Combine(_layers, chainId.Hex);
}
