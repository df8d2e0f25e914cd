using System.Text;

namespace Oci.Layout;

/// <summary>Names and fixed content of an OCI image layout, version 1.0.0 (image-spec v1.1, "OCI Image Layout").</summary>
public static class OciLayout
{
    /// <summary>Name of the marker file.</summary>
    public const string MarkerName = "oci-layout";

    /// <summary>Name of the index.</summary>
    public const string IndexName = "index.json";

    /// <summary>Annotation that names a reference (tag) within the layout.</summary>
    public const string RefNameAnnotation = "org.opencontainers.image.ref.name";

    /// <summary>The marker file's content.</summary>
    public static ReadOnlyMemory<byte> Marker { get; } = Encoding.UTF8.GetBytes("""{"imageLayoutVersion":"1.0.0"}""");

    /// <summary>Path of a blob inside the layout, with <c>/</c>.</summary>
    public static string BlobPath(Digest digest) => $"blobs/sha256/{digest.Hex}";
}
