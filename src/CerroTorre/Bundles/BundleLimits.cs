using CerroTorre.Packages;
using Oci.Image;

namespace CerroTorre.Bundles;

/// <summary>What a bundle may hold; each limit has its own error (<see cref="BundleFault"/>).</summary>
public static class BundleLimits
{
    /// <summary>Largest <c>summary.json</c>.</summary>
    public const int Summary = 1024 * 1024;

    /// <summary>Largest <c>manifest.toml</c>.</summary>
    public const int PackageManifestSize = PackageManifest.MaxSize;

    /// <summary>Largest <c>index.json</c>: it holds one descriptor.</summary>
    public const int Index = 64 * 1024;

    /// <summary>Largest <c>attestations.json</c>.</summary>
    public const int Attestations = 64 * 1024 * 1024;

    /// <summary>Largest image index, manifest or config.</summary>
    public const int Document = ImageDocuments.MaxSize;

    /// <summary>Manifests that an image index may hold: they and their configs are kept in memory while judged.</summary>
    public const int Manifests = 128;

    /// <summary>Bytes that all indexes, manifests and configs may have together.</summary>
    public const int AllDocuments = 64 * 1024 * 1024;

    /// <summary>Layers of one image.</summary>
    public const int Layers = ImageDocuments.MaxLayers;

    /// <summary>Largest blob: what eleven octal digits can say.</summary>
    public const long Blob = UstarHeader.MaxContentSize;
}
