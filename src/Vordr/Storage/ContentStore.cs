using Oci;
using Oci.Image;

namespace Vordr.Storage;

/// <summary>
/// Content by digest: <c>blobs/sha256/&lt;hex&gt;</c>, and the evidence of bundles, <c>bundles/&lt;hex&gt;/</c>. What is
/// in it has the digest that names it: it is checked while it is written, synced, and renamed into place; whatever
/// fails or is killed on the way leaves only an entry of the staging area behind.
/// </summary>
internal sealed class ContentStore
{
    /// <summary>Opens, and makes where missing, the store beneath <paramref name="root"/>.</summary>
    public ContentStore(string root, long keepFree = DiskSpace.DefaultKeepFree) => throw new NotImplementedException();

    /// <summary>Whether the blob is stored.</summary>
    public bool Has(Digest digest) => throw new NotImplementedException();

    /// <summary>Size of the blob, or null when it isn't stored.</summary>
    public long? SizeOf(Digest digest) => throw new NotImplementedException();

    /// <summary>Starts to write a blob; nothing is visible before <see cref="BlobWriter.CommitAsync"/>.</summary>
    /// <exception cref="Oci.Errors.PublicError">NoSpace, before a byte is written, when the announced size doesn't fit.</exception>
    public BlobWriter OpenWrite(Descriptor descriptor) => throw new NotImplementedException();

    /// <summary>Stores bytes that are already in memory.</summary>
    public Task<Digest> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Opens a blob for reading.</summary>
    /// <exception cref="Oci.Errors.PublicError">NotFound.</exception>
    public Stream OpenRead(Digest digest) => throw new NotImplementedException();

    /// <summary>Reads a small blob (config, manifest) whole and checks it against its digest again.</summary>
    /// <exception cref="Oci.Errors.PublicError">NotFound; TooLarge; StateCorrupt when the disk changed it.</exception>
    public Task<byte[]> ReadAsync(Digest digest, long limit, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Digests of every stored blob, in no order.</summary>
    public IEnumerable<Digest> List() => throw new NotImplementedException();

    /// <summary>Removes a blob that nothing references any more; absent is fine.</summary>
    public void Remove(Digest digest) => throw new NotImplementedException();

    /// <summary>Stores the evidence of a bundle, all files or none; evidence already there must be equal, or is replaced whole.</summary>
    /// <param name="bundle">Digest that names the evidence.</param>
    /// <param name="files">File name (<see cref="EvidenceFiles"/>) → bytes.</param>
    /// <param name="cancellationToken">Cancels before anything is visible.</param>
    public Task PutEvidenceAsync(
        Digest bundle,
        IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files,
        CancellationToken cancellationToken
    ) => throw new NotImplementedException();

    /// <summary>One evidence file, or null when the bundle or the file isn't stored.</summary>
    public Task<byte[]?> ReadEvidenceAsync(Digest bundle, string file, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Digests of every bundle with evidence, in no order.</summary>
    public IEnumerable<Digest> ListEvidence() => throw new NotImplementedException();

    /// <summary>Removes the evidence of a bundle; absent is fine.</summary>
    public void RemoveEvidence(Digest bundle) => throw new NotImplementedException();

    /// <summary>Removes what dead processes left in the staging area; the engine calls it when it opens and reconciles.</summary>
    /// <returns>How many leftovers were removed.</returns>
    public int Sweep() => throw new NotImplementedException();
}

/// <summary>Names of the files that are a bundle's evidence.</summary>
internal static class EvidenceFiles
{
    /// <summary>The summary as read.</summary>
    public const string Summary = "summary.json";

    /// <summary>The package manifest as read.</summary>
    public const string Manifest = "manifest.toml";

    /// <summary>The layout's index as read.</summary>
    public const string Index = "index.json";

    /// <summary>The attestation set as read.</summary>
    public const string Attestations = "attestations.json";
}
