using Oci;
using Trust.Attestations;

namespace Trust.Verdicts;

/// <summary>What is judged: an image's digests, what it is called, and what others say about it.</summary>
public sealed record Evidence
{
    /// <summary>Package name, of a bundle; null for an image that comes without a package manifest.</summary>
    public string? Name { get; init; }

    /// <summary>Package version, of a bundle.</summary>
    public string? Version { get; init; }

    /// <summary>Where it was fetched from; null for a file.</summary>
    public ImageReference? Reference { get; init; }

    /// <summary>Digest of the root: an image manifest or an index.</summary>
    public required Digest Root { get; init; }

    /// <summary>
    /// Digests of the manifests that are judged: the one of the platform that will run, or all of them where the
    /// whole bundle is verified. A required statement must cover each, or the root.
    /// </summary>
    public required IReadOnlyList<Digest> Manifests { get; init; }

    /// <summary>Digest of the raw bytes of <c>manifest.toml</c>; null where there is none, and then no release counts.</summary>
    public Digest? PackageManifest { get; init; }

    /// <summary>The attestation set, well-formed.</summary>
    public required AttestationSet Attestations { get; init; }
}
