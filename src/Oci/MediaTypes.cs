namespace Oci;

/// <summary>Media types of OCI image-spec v1.1 and of Docker's image manifest v2, schema 2.</summary>
public static class MediaTypes
{
    /// <summary>OCI image manifest.</summary>
    public const string ImageManifest = "application/vnd.oci.image.manifest.v1+json";

    /// <summary>OCI image index.</summary>
    public const string ImageIndex = "application/vnd.oci.image.index.v1+json";

    /// <summary>OCI image config.</summary>
    public const string ImageConfig = "application/vnd.oci.image.config.v1+json";

    /// <summary>OCI layer, plain tar.</summary>
    public const string LayerTar = "application/vnd.oci.image.layer.v1.tar";

    /// <summary>OCI layer, gzip.</summary>
    public const string LayerGzip = "application/vnd.oci.image.layer.v1.tar+gzip";

    /// <summary>OCI layer, zstd.</summary>
    public const string LayerZstd = "application/vnd.oci.image.layer.v1.tar+zstd";

    /// <summary>Docker image manifest, schema 2.</summary>
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";

    /// <summary>Docker manifest list.</summary>
    public const string DockerManifestList = "application/vnd.docker.distribution.manifest.list.v2+json";

    /// <summary>Docker image config.</summary>
    public const string DockerConfig = "application/vnd.docker.container.image.v1+json";

    /// <summary>Docker layer, gzip.</summary>
    public const string DockerLayerGzip = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    /// <summary>Docker layer, plain tar.</summary>
    public const string DockerLayerTar = "application/vnd.docker.image.rootfs.diff.tar";

    /// <summary>Whether <paramref name="mediaType"/> names an index or manifest list.</summary>
    public static bool IsIndex(string mediaType) => mediaType is ImageIndex or DockerManifestList;

    /// <summary>Whether <paramref name="mediaType"/> names an image manifest.</summary>
    public static bool IsManifest(string mediaType) => mediaType is ImageManifest or DockerManifest;

    /// <summary>The layer's compression, or null when this stack does not take such a layer (foreign, encrypted, unknown).</summary>
    public static LayerCompression? CompressionOf(string mediaType) =>
        mediaType switch
        {
            LayerTar or DockerLayerTar => LayerCompression.None,
            LayerGzip or DockerLayerGzip => LayerCompression.Gzip,
            LayerZstd => LayerCompression.Zstd,
            _ => null,
        };
}

/// <summary>How a layer's tar is compressed.</summary>
public enum LayerCompression
{
    /// <summary>Plain tar.</summary>
    None,

    /// <summary>gzip (RFC 1952).</summary>
    Gzip,

    /// <summary>Zstandard (RFC 8878).</summary>
    Zstd,
}
