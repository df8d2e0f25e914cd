using Oci;

namespace Vordr.Storage;

/// <summary>
/// Unpacked layers: <c>layers/&lt;chain id&gt;/</c>, each made once in the staging area and then renamed, with its short
/// alias <c>l/&lt;12 hex&gt;</c>. Safe between processes: a layer is unpacked under its own file lock in the run root.
/// </summary>
internal sealed class LayerStore
{
    /// <summary>Opens, and makes where missing, <c>layers/</c> and <c>l/</c> beneath <paramref name="root"/>.</summary>
    /// <param name="root">State directory.</param>
    /// <param name="runRoot">Run directory; locks are in its <c>locks/</c>.</param>
    /// <param name="content">Where the blobs are.</param>
    /// <param name="limits">What one layer may cost.</param>
    public LayerStore(string root, string runRoot, ContentStore content, ExtractionLimits? limits = null) =>
        throw new NotImplementedException();

    /// <summary>The unpacked layers of an image, lowest first; missing ones are unpacked now.</summary>
    /// <exception cref="Oci.Errors.PublicError">A layer is refused (BundleMalformed, DigestMismatch), or no space is left.</exception>
    public Task<IReadOnlyList<Layer>> EnsureAllAsync(
        IReadOnlyList<LayerSource> sources,
        CancellationToken cancellationToken
    ) => throw new NotImplementedException();

    /// <summary>The layer, if it is unpacked.</summary>
    public Layer? Find(Digest chainId) => throw new NotImplementedException();

    /// <summary>Chain ids of every unpacked layer, in no order.</summary>
    public IEnumerable<Digest> List() => throw new NotImplementedException();

    /// <summary>Removes a layer that nothing references any more; the caller holds the store lock. Absent is fine.</summary>
    public Task RemoveAsync(Digest chainId, CancellationToken cancellationToken) => throw new NotImplementedException();
}
