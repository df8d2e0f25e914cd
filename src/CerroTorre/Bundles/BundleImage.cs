using Oci.Image;

namespace CerroTorre.Bundles;

/// <summary>One image of a bundle: its manifest and config as bytes, and what they say.</summary>
public sealed record BundleImage
{
    /// <summary>The manifest's descriptor, as the index (or <c>index.json</c>) has it.</summary>
    public required Descriptor Descriptor { get; init; }

    /// <summary>The manifest as it was written; its digest is <c>Descriptor.Digest</c>.</summary>
    public required ReadOnlyMemory<byte> ManifestBytes { get; init; }

    /// <summary>The manifest.</summary>
    public required ImageManifest Manifest { get; init; }

    /// <summary>The config as it was written.</summary>
    public required ReadOnlyMemory<byte> ConfigBytes { get; init; }

    /// <summary>The config; null for what is carried but never run (buildx attestations, artifacts).</summary>
    public ImageConfig? Config { get; init; }

    /// <summary>What the image runs on; <c>unknown/unknown</c> for what is never run.</summary>
    public required Platform Platform { get; init; }

    /// <summary>Whether this image can be run: it has an image config and tar layers.</summary>
    public bool IsRunnable => Config is not null;
}
