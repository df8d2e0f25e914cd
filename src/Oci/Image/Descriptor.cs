using System.Text.Json.Serialization;

namespace Oci.Image;

/// <summary>
/// A content descriptor (OCI image-spec, "Content Descriptors"). Members that the spec allows and this stack has no
/// use for are ignored when read; a descriptor is never written back into a foreign document.
/// </summary>
public sealed record Descriptor
{
    /// <summary>Media type of the content.</summary>
    public required string MediaType { get; init; }

    /// <summary>Digest of the content.</summary>
    public required Digest Digest { get; init; }

    /// <summary>Size of the content in bytes, 0 or more.</summary>
    public required long Size { get; init; }

    /// <summary>Platform that the described manifest runs on, in an index.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Platform? Platform { get; init; }

    /// <summary>Annotations, or null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Addresses outside of the store: such content is foreign, and refused where it would have to be used.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Urls { get; init; }
}

/// <summary>What an image runs on (OCI image-spec, "Image Index", <c>platform</c>).</summary>
/// <param name="Architecture">GOARCH name, e.g. <c>amd64</c>.</param>
/// <param name="Os">GOOS name, e.g. <c>linux</c>.</param>
/// <param name="Variant">Variant of the architecture, e.g. <c>v8</c>, or null.</param>
public sealed record Platform(
    string Architecture,
    string Os,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Variant = null
)
{
    /// <summary>The platform as people write it: <c>linux/arm64/v8</c>.</summary>
    public override string ToString() => Variant is null ? $"{Os}/{Architecture}" : $"{Os}/{Architecture}/{Variant}";
}

/// <summary>An image manifest (OCI image-spec, "Image Manifest"; Docker schema 2 has the same shape).</summary>
public sealed record ImageManifest
{
    /// <summary>Always 2.</summary>
    public required int SchemaVersion { get; init; }

    /// <summary>The document's own media type, or null where OCI leaves it out.</summary>
    public string? MediaType { get; init; }

    /// <summary>The image config.</summary>
    public required Descriptor Config { get; init; }

    /// <summary>Layers, lowest first.</summary>
    public required IReadOnlyList<Descriptor> Layers { get; init; }

    /// <summary>Annotations, or null.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}

/// <summary>An image index (OCI image-spec, "Image Index"; a Docker manifest list has the same shape).</summary>
public sealed record ImageIndex
{
    /// <summary>Always 2.</summary>
    public required int SchemaVersion { get; init; }

    /// <summary>The document's own media type, or null where OCI leaves it out.</summary>
    public string? MediaType { get; init; }

    /// <summary>The manifests, in order.</summary>
    public required IReadOnlyList<Descriptor> Manifests { get; init; }

    /// <summary>Annotations, or null.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}

/// <summary>An image configuration (OCI image-spec, "Image Configuration"); only members this stack uses.</summary>
public sealed record ImageConfig
{
    /// <summary>Time of creation, as written.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>GOARCH name.</summary>
    public required string Architecture { get; init; }

    /// <summary>GOOS name.</summary>
    public required string Os { get; init; }

    /// <summary>Variant of the architecture, or null.</summary>
    public string? Variant { get; init; }

    /// <summary>What to execute, or null when the image says nothing.</summary>
    public ExecutionConfig? Config { get; init; }

    /// <summary>The layers' uncompressed digests.</summary>
    public required RootFilesystem Rootfs { get; init; }
}

/// <summary>Execution parameters of an image (OCI image-spec, "Image Configuration", <c>config</c>). Null means not set.</summary>
public sealed record ExecutionConfig
{
    /// <summary>User, <c>uid|name[:gid|group]</c>.</summary>
    public string? User { get; init; }

    /// <summary>Ports the image means to publish, <c>port/proto</c> → empty object.</summary>
    public IReadOnlyDictionary<string, EmptyObject>? ExposedPorts { get; init; }

    /// <summary>Environment, <c>NAME=value</c>.</summary>
    public IReadOnlyList<string>? Env { get; init; }

    /// <summary>Entry point.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>Default arguments, or the command when there is no entry point.</summary>
    public IReadOnlyList<string>? Cmd { get; init; }

    /// <summary>Volumes, path → empty object.</summary>
    public IReadOnlyDictionary<string, EmptyObject>? Volumes { get; init; }

    /// <summary>Working directory.</summary>
    public string? WorkingDir { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Signal that asks the container to stop, by name or number.</summary>
    public string? StopSignal { get; init; }
}

/// <summary>The value of Go's set types in JSON: <c>{}</c>.</summary>
public sealed record EmptyObject;

/// <summary>The layers of an image, uncompressed (OCI image-spec, <c>rootfs</c>).</summary>
public sealed record RootFilesystem
{
    /// <summary>Always <c>layers</c>.</summary>
    public required string Type { get; init; }

    /// <summary>DiffIDs: digests of the uncompressed tars, lowest first.</summary>
    [JsonPropertyName("diff_ids")]
    public required IReadOnlyList<Digest> DiffIds { get; init; }
}
