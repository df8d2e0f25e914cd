using System.ComponentModel;
using System.Text.Json;
using Oci;

namespace Vordr.Client.Bundles;

/// <summary>Arguments of <c>vordr_images</c>: none.</summary>
public sealed record ImagesRequest;

/// <summary>A stored image, or bundle with its image.</summary>
public sealed record ImageSummary
{
    /// <summary>As people call it: <c>name:version</c> or a reference.</summary>
    public required string Image { get; init; }

    /// <summary>Digest of the image's root.</summary>
    public required Digest ImageDigest { get; init; }

    /// <summary>Digest of the bundle's file.</summary>
    public required Digest BundleDigest { get; init; }

    /// <summary>The platform that runs here.</summary>
    public required string Platform { get; init; }

    /// <summary>When it was made, as its publisher says.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset Stored { get; init; }

    /// <summary>Bytes of its blobs.</summary>
    public required long Size { get; init; }
}

/// <summary>Result of <c>vordr_images</c>.</summary>
/// <param name="Images">Newest first.</param>
public sealed record ImageList(IReadOnlyList<ImageSummary> Images);

/// <summary>Arguments of <c>vordr_verify</c>: exactly one of bundle and image.</summary>
public sealed record VerifyRequest
{
    /// <summary>A stored bundle: its digest, or <c>name:version</c>.</summary>
    [Description("A stored bundle: its digest (sha256:…) or name:version. Either this or image.")]
    public string? Bundle { get; init; }

    /// <summary>A stored image.</summary>
    [Description("A stored image: reference, digest, or reference@digest. Either this or bundle.")]
    public string? Image { get; init; }

    /// <summary>Also answer with the evidence, so that the caller can judge it by a policy of its own.</summary>
    [Description("Also answer with the evidence itself, to be judged by a policy of the caller's.")]
    public bool? Evidence { get; init; }
}

/// <summary>Result of <c>vordr_verify</c>.</summary>
public sealed record VerifyAnswer
{
    /// <summary>As people call it.</summary>
    public required string Image { get; init; }

    /// <summary>Digest of the image's root: call by this to get exactly what was judged.</summary>
    public required Digest ImageDigest { get; init; }

    /// <summary>Digest of the bundle's file.</summary>
    public Digest? BundleDigest { get; init; }

    /// <summary>The verdict of Vörðr's own policy.</summary>
    public required JsonElement Verdict { get; init; }

    /// <summary>What was judged, if asked for.</summary>
    public BundleEvidence? Evidence { get; init; }
}

/// <summary>What a verdict rests on (the parts of <c>Trust.Verdicts.Evidence</c>).</summary>
public sealed record BundleEvidence
{
    /// <summary>Package name, of a bundle.</summary>
    public string? Name { get; init; }

    /// <summary>Package version, of a bundle.</summary>
    public string? Version { get; init; }

    /// <summary>Normalised reference, of an image from a registry.</summary>
    public string? Reference { get; init; }

    /// <summary>Digest of the root.</summary>
    public required Digest Root { get; init; }

    /// <summary>Digests of the manifests that may run here.</summary>
    public required IReadOnlyList<Digest> Manifests { get; init; }

    /// <summary>Digest of <c>manifest.toml</c>.</summary>
    public Digest? PackageManifest { get; init; }

    /// <summary>The bytes of <c>attestations.json</c>, base64.</summary>
    public required byte[] Attestations { get; init; }
}

/// <summary>Arguments of <c>vordr_bundle_load</c>.</summary>
public sealed record BundleLoadRequest
{
    /// <summary>The upload: the bundle digest that <c>PUT /bundles</c> answered with.</summary>
    [Description("The finished upload: the bundle digest that PUT /bundles answered with.")]
    public required Digest Upload { get; init; }
}

/// <summary>Result of <c>PUT /bundles</c> and <c>vordr_bundle_load</c>.</summary>
public sealed record BundleAnswer
{
    /// <summary>Package name.</summary>
    public required string Name { get; init; }

    /// <summary>Package version.</summary>
    public required string Version { get; init; }

    /// <summary>Digest of the bundle's file.</summary>
    public required Digest BundleDigest { get; init; }

    /// <summary>Digest of the image's root.</summary>
    public required Digest ImageDigest { get; init; }

    /// <summary>It was stored already.</summary>
    public required bool Known { get; init; }

    /// <summary>The verdict that let it in.</summary>
    public required JsonElement Verdict { get; init; }

    /// <summary>The recorded decision.</summary>
    public long? Decision { get; init; }
}
