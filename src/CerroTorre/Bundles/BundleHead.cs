using CerroTorre.Packages;
using Oci;
using Oci.Image;
using Trust.Attestations;
using Trust.Verdicts;

namespace CerroTorre.Bundles;

/// <summary>Everything of a bundle but its layers: parsed, of sound form, with every digest checked. Not yet trusted.</summary>
public sealed record BundleHead
{
    /// <summary>The summary, derived from the rest (and found equal to what the bundle says).</summary>
    public required BundleSummary Summary { get; init; }

    /// <summary><c>summary.json</c>.</summary>
    public required ReadOnlyMemory<byte> SummaryBytes { get; init; }

    /// <summary>What <c>manifest.toml</c> says.</summary>
    public required PackageManifest PackageManifest { get; init; }

    /// <summary><c>manifest.toml</c>.</summary>
    public required ReadOnlyMemory<byte> PackageManifestBytes { get; init; }

    /// <summary><c>index.json</c>.</summary>
    public required ReadOnlyMemory<byte> IndexBytes { get; init; }

    /// <summary>The root and all that it names.</summary>
    public required ImageTree Tree { get; init; }

    /// <summary>The attestation set.</summary>
    public required AttestationSet Attestations { get; init; }

    /// <summary><c>attestations.json</c>.</summary>
    public required ReadOnlyMemory<byte> AttestationBytes { get; init; }

    /// <summary>Where the first blob's header begins in the file: what <c>ct sign</c> keeps begins here.</summary>
    public required long BlobsOffset { get; init; }

    /// <summary>Where the first layer's header begins in the file: the head ends here.</summary>
    public required long LayersOffset { get; init; }

    /// <summary>Digest of <c>manifest.toml</c>.</summary>
    public Digest PackageManifestDigest => Digest.Of(PackageManifestBytes.Span);

    /// <summary>Descriptor of the root; its digest is the image digest.</summary>
    public Descriptor Root => Tree.Root;

    /// <summary>The image index, or null when the root is a manifest.</summary>
    public ImageIndex? Index => Tree.Index;

    /// <summary>The images, in the order of the index.</summary>
    public IReadOnlyList<BundleImage> Images => Tree.Images;

    /// <summary>Layers in file order, each once.</summary>
    public IReadOnlyList<Descriptor> Layers => Tree.Layers;

    /// <summary>
    /// What a verdict judges: the manifest of <paramref name="platform"/>, or those of all images that can be run. A
    /// required statement must cover each of them, or the root.
    /// </summary>
    /// <exception cref="Oci.Errors.PublicError">The bundle has no image for the platform.</exception>
    public Evidence ToEvidence(Platform? platform = null) =>
        new()
        {
            Name = PackageManifest.Name,
            Version = PackageManifest.Version,
            Root = Root.Digest,
            Manifests = platform is null
                ? [.. Tree.Runnable.Select(image => image.Descriptor.Digest)]
                : [RequireImage(platform).Descriptor.Digest],
            PackageManifest = PackageManifestDigest,
            Attestations = Attestations,
        };

    /// <summary>The image for <paramref name="platform"/>.</summary>
    /// <exception cref="Oci.Errors.PublicError">There is none; the message lists what there is.</exception>
    public BundleImage RequireImage(Platform platform) =>
        Tree.ImageFor(platform)
        ?? throw new Oci.Errors.PublicError(
            Oci.Errors.ErrorId.NotFound,
            $"{PackageManifest.Reference} has no image for {ShownText.Of(platform.ToString(), 80)}, only for "
                + string.Join(", ", Tree.Runnable.Select(image => ShownText.Of(image.Platform.ToString(), 80)))
        );
}
