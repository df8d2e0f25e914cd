using Oci;

namespace Vordr.Bundles;

/// <summary>A stored bundle as the database has it.</summary>
internal sealed record BundleRow
{
    /// <summary>Digest of the file.</summary>
    public required Digest Digest { get; init; }

    /// <summary>See <see cref="EvidenceKey"/>.</summary>
    public required Digest Evidence { get; init; }

    /// <summary>The image digest.</summary>
    public required Digest Root { get; init; }

    public required string Name { get; init; }

    public required string Version { get; init; }

    /// <summary>Digest of <c>manifest.toml</c>.</summary>
    public required Digest PackageManifest { get; init; }

    /// <summary>The manifest under the root that runs here.</summary>
    public required Digest Manifest { get; init; }

    /// <summary>The config of that manifest.</summary>
    public required Digest Config { get; init; }

    public required string Platform { get; init; }

    /// <summary>Sum of its layers' blobs.</summary>
    public required long Size { get; init; }

    public DateTimeOffset? Created { get; init; }

    public required DateTimeOffset Loaded { get; init; }

    /// <summary><c>name:version</c>.</summary>
    public string Reference => $"{Name}:{Version}";
}

/// <summary>A layer of a stored bundle.</summary>
/// <param name="Blob">Digest of the blob, as compressed.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="Size">Its size.</param>
/// <param name="DiffId">Digest of the uncompressed tar.</param>
/// <param name="ChainId">Names it together with everything beneath.</param>
internal sealed record BundleLayer(Digest Blob, string MediaType, long Size, Digest DiffId, Digest ChainId);
