using Oci;
using Trust.Policies;
using Trust.Verdicts;

namespace Vordr.Bundles;

/// <summary>Asks for a bundle to be judged and stored.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Content">The file's bytes; read forward once, not disposed of.</param>
public sealed record LoadRequest(Caller Caller, Stream Content)
{
    /// <summary>A policy given at the command line. It narrows: the operator's policy must allow too.</summary>
    public Policy? Narrowing { get; init; }
}

/// <summary>A bundle that is stored.</summary>
/// <param name="Name"><c>name:version</c>.</param>
/// <param name="BundleDigest">Digest of the file.</param>
/// <param name="ImageDigest">Digest of the root.</param>
/// <param name="Verdict">What let it in.</param>
/// <param name="Decision">The recorded decision.</param>
/// <param name="Known">The very same bundle was stored before.</param>
public sealed record LoadResult(
    string Name,
    Digest BundleDigest,
    Digest ImageDigest,
    Verdict Verdict,
    long Decision,
    bool Known
);

/// <summary>Asks what the policy says of content, without storing or running anything.</summary>
public sealed record VerifyRequest
{
    /// <summary>Who asks.</summary>
    public required Caller Caller { get; init; }

    /// <summary>A bundle's bytes, read to the end; or null.</summary>
    public Stream? Content { get; init; }

    /// <summary>Stored content: a bundle digest, an image digest, <c>name:version</c>, or a container; or null.</summary>
    public string? Stored { get; init; }

    /// <summary>A policy to ask instead of the operator's: decides nothing.</summary>
    public Policy? Policy { get; init; }
}

/// <summary>What the policy says.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="BundleDigest">Digest of the file; null where it could not be read to its end.</param>
/// <param name="ImageDigest">Digest of the root; null where the bundle is malformed.</param>
public sealed record VerifyResult(Verdict Verdict, Digest? BundleDigest, Digest? ImageDigest);

/// <summary>Asks for the evidence of stored content, resolved to digests: what a gateway judges (architecture.md).</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Content">A bundle digest, an image digest, <c>name:version</c>, or a container.</param>
public sealed record EvidenceRequest(Caller Caller, string Content);

/// <summary>The evidence of stored content, as stored.</summary>
/// <param name="Name">The package's name.</param>
/// <param name="Version">The package's version.</param>
/// <param name="BundleDigest">Digest of the file.</param>
/// <param name="ImageDigest">Digest of the root.</param>
/// <param name="Manifests">Digests of the manifests under the root.</param>
/// <param name="PackageManifest">Digest of <c>manifest.toml</c>.</param>
/// <param name="Attestations">Bytes of <c>attestations.json</c>.</param>
public sealed record EvidenceResult(
    string Name,
    string Version,
    Digest BundleDigest,
    Digest ImageDigest,
    IReadOnlyList<Digest> Manifests,
    Digest PackageManifest,
    ReadOnlyMemory<byte> Attestations
);
