using CerroTorre.Packages;
using Oci;
using Oci.Image;
using Oci.Layout;
using Trust.Attestations;

namespace CerroTorre.Bundles;

/// <summary>
/// Reads a bundle in one forward pass over a stream that need not seek; reading is verifying its form (bundle.md,
/// "Reading = verifying", steps 1, 2, 3, 6 and 7; the trust in between is <see cref="BundleHead.ToEvidence"/>'s reader).
/// </summary>
/// <remarks>
/// <list type="number">
/// <item><see cref="ReadHeadAsync"/>: everything before the first layer. Not one byte of a layer is read before the
/// caller has judged the head.</item>
/// <item><see cref="ReadLayerAsync"/>, once for each of <see cref="Layers"/>, in their order.</item>
/// <item><see cref="FinishAsync"/>: nothing else may follow.</item>
/// </list>
/// Every failure of form is a <see cref="Oci.Errors.PublicError"/> with the verdict attached, and names the
/// <see cref="BundleFault"/>. The stream isn't disposed. Not safe for use by two threads at once.
/// </remarks>
public sealed class BundleReader(Stream stream) : IDisposable
{
    private readonly EntryReader _entries = new(stream);
    private BundleHead? _head;
    private int _next;

    /// <summary>Layers in file order, each once; known when the head was read.</summary>
    public IReadOnlyList<Descriptor> Layers => Head.Layers;

    /// <summary>Where the bytes of a layer that were copied are counted, or null.</summary>
    public IProgress<long>? Progress { get; init; }

    private BundleHead Head => _head ?? throw new InvalidOperationException("The head has not been read.");

    /// <summary>Reads and checks everything before the first layer's header.</summary>
    public Task<BundleHead> ReadHeadAsync(CancellationToken cancellationToken) =>
        BundleRefused.GuardAsync(async () => _head = await ReadAsync(cancellationToken));

    /// <summary>
    /// Copies the next layer to <paramref name="sink"/>, and fails when it doesn't have its digest: only then may what
    /// was written to the sink be used.
    /// </summary>
    /// <param name="layer">The one of <see cref="Layers"/> whose turn it is.</param>
    /// <param name="sink">Where its bytes go; <see cref="Stream.Null"/> to only verify them.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task ReadLayerAsync(Descriptor layer, Stream sink, CancellationToken cancellationToken)
    {
        if (_next >= Layers.Count || Layers[_next].Digest != layer.Digest)
            throw new InvalidOperationException($"It is not the turn of layer {layer.Digest}.");
        return BundleRefused.GuardAsync(async () =>
        {
            var found = await _entries.CopyAsync(
                OciLayout.BlobPath(layer.Digest),
                Layers[_next].Size,
                sink,
                Progress,
                cancellationToken
            );
            RequireDigest(layer, found);
            return _next++;
        });
    }

    /// <summary>Checks that the bundle ends here, and returns the bundle digest: SHA-256 of the file.</summary>
    public Task<Digest> FinishAsync(CancellationToken cancellationToken)
    {
        if (_next < Layers.Count)
            throw new InvalidOperationException($"{Layers.Count - _next} layers have not been read.");
        return BundleRefused.GuardAsync(async () => await _entries.ReadEndAsync(cancellationToken));
    }

    /// <summary>Reads all layers and the end, keeping nothing: what <c>ct verify</c> does with a bundle it allows.</summary>
    public async Task<Digest> VerifyRestAsync(CancellationToken cancellationToken)
    {
        while (_next < Layers.Count)
            await ReadLayerAsync(Layers[_next], Stream.Null, cancellationToken);
        return await FinishAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _entries.Dispose();

    private async Task<BundleHead> ReadAsync(CancellationToken cancellationToken)
    {
        // 1. Archive form and limits, entry by entry.
        var summary = await _entries.ReadAsync(
            BundleEntries.Summary,
            BundleLimits.Summary,
            BundleFault.SummaryTooLarge,
            cancellationToken
        );
        var manifestBytes = await _entries.ReadAsync(
            BundleEntries.PackageManifest,
            BundleLimits.PackageManifestSize,
            BundleFault.PackageManifestTooLarge,
            cancellationToken
        );
        var package = ParsePackage(manifestBytes);
        var marker = await _entries.ReadAsync(
            OciLayout.MarkerName,
            OciLayout.Marker.Length,
            BundleFault.LayoutMarkerMalformed,
            cancellationToken
        );
        if (!OciLayout.Marker.Span.SequenceEqual(marker))
            throw new FaultException(BundleFault.LayoutMarkerMalformed, "oci-layout is not that of image layout 1.0.0");
        var index = await _entries.ReadAsync(
            OciLayout.IndexName,
            BundleLimits.Index,
            BundleFault.IndexTooLarge,
            cancellationToken
        );
        var root = BundleIndex.Parse(index, package.Reference);
        var attestationBytes = await _entries.ReadAsync(
            BundleEntries.Attestations,
            BundleLimits.Attestations,
            BundleFault.AttestationsTooLarge,
            cancellationToken
        );

        // 2. Layout, manifests and configs parse; every blob is announced with its size.
        var blobsOffset = _entries.Position;
        var tree = await ReadTreeAsync(root, cancellationToken);

        // 3. The attestation set parses.
        var attestations = ParseAttestations(attestationBytes);

        // 5. manifest.toml names the root; that the release names manifest.toml is the verdict's to say.
        if (package.Root != root.Digest)
        {
            throw new FaultException(
                BundleFault.RootMismatch,
                $"manifest.toml stands for {package.Root}, but the bundle holds {root.Digest}"
            );
        }

        // 6. summary.json is the derived one.
        var derived = BundleSummary.Derive(package, Digest.Of(manifestBytes), tree, attestations);
        if (!derived.ToBytes().AsSpan().SequenceEqual(summary))
            throw new FaultException(
                BundleFault.SummaryMismatch,
                "summary.json is not what the bundle's content gives"
            );

        return new BundleHead
        {
            Summary = derived,
            SummaryBytes = summary,
            PackageManifest = package,
            PackageManifestBytes = manifestBytes,
            IndexBytes = index,
            Tree = tree,
            Attestations = attestations,
            AttestationBytes = attestationBytes,
            BlobsOffset = blobsOffset,
            LayersOffset = _entries.Position,
        };
    }

    private async Task<ImageTree> ReadTreeAsync(Descriptor root, CancellationToken cancellationToken)
    {
        try
        {
            return await ImageTree.ReadAsync(root, ReadDocumentAsync, cancellationToken);
        }
        catch (FormatException error) when (error is not FaultException)
        {
            throw new FaultException(BundleFault.ImageMalformed, error.Message);
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReadDocumentAsync(
        Descriptor descriptor,
        CancellationToken cancellationToken
    )
    {
        var bytes = await _entries.ReadAsync(OciLayout.BlobPath(descriptor.Digest), descriptor.Size, cancellationToken);
        RequireDigest(descriptor, Digest.Of(bytes));
        return bytes;
    }

    private static void RequireDigest(Descriptor descriptor, Digest found)
    {
        if (found != descriptor.Digest)
        {
            throw new FaultException(
                BundleFault.DigestMismatch,
                $"the blob {descriptor.Digest} ({ShownText.Of(descriptor.MediaType, 120)}) has the digest {found}"
            );
        }
    }

    private static PackageManifest ParsePackage(byte[] bytes)
    {
        try
        {
            return PackageManifest.Parse(bytes);
        }
        catch (FormatException error)
        {
            throw new FaultException(BundleFault.PackageManifestMalformed, error.Message);
        }
    }

    private static AttestationSet ParseAttestations(byte[] bytes)
    {
        try
        {
            return AttestationSet.Parse(bytes);
        }
        catch (FormatException error)
        {
            throw new FaultException(BundleFault.AttestationsMalformed, error.Message);
        }
    }
}

/// <summary>Names of the entries that only a bundle has.</summary>
public static class BundleEntries
{
    /// <summary>What the bundle is, at a glance.</summary>
    public const string Summary = "summary.json";

    /// <summary>The package manifest.</summary>
    public const string PackageManifest = "manifest.toml";

    /// <summary>The attestation set.</summary>
    public const string Attestations = "attestations.json";
}
