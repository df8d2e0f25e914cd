using CerroTorre.Packages;
using Trust.Attestations;

namespace CerroTorre.Bundles;

/// <summary>What a bundle is made of, but for the layers' bytes.</summary>
/// <param name="PackageBytes"><c>manifest.toml</c>, as signed.</param>
/// <param name="Package">What it says.</param>
/// <param name="Tree">The root and what it names.</param>
/// <param name="Attestations">The attestation set.</param>
internal sealed record BundleParts(
    ReadOnlyMemory<byte> PackageBytes,
    PackageManifest Package,
    ImageTree Tree,
    AttestationSet Attestations
);
