using System.Text.Json;
using Oci.Json;

namespace Oci.Image;

/// <summary>
/// Reads foreign manifests, indexes and configs strictly: what this stack can't carry is refused by its name, so that
/// the message tells people what they have in hand. Documents are opaque bytes otherwise: nothing is ever re-written.
/// Every method throws <see cref="FormatException"/> with a sentence that says what is wrong.
/// </summary>
public static class ImageDocuments
{
    /// <summary>Layers that one image may have: overlayfs takes 128 lower directories here, and one is ours.</summary>
    public const int MaxLayers = 127;

    /// <summary>Largest manifest, index or config, in bytes.</summary>
    public const int MaxSize = 4 * 1024 * 1024;

    /// <summary>The image manifest in <paramref name="bytes"/>, announced as <paramref name="mediaType"/>.</summary>
    public static ImageManifest ParseManifest(ReadOnlyMemory<byte> bytes, string mediaType)
    {
        RefuseMediaType(mediaType);
        if (!MediaTypes.IsManifest(mediaType))
            throw new FormatException($"'{mediaType}' is not an image manifest");
        using var document = StrictJson.Parse(bytes, "image manifest");
        var root = RequireSchema2(document.RootElement, "image manifest");
        // A document that reads as a manifest and as an index means different things to different readers
        // (CVE-2021-41190).
        if (root.TryGetProperty("manifests", out _))
            throw new FormatException("the image manifest also has 'manifests': it is ambiguous");
        RefuseForeignDigests(root);
        var manifest = Bind(() => StrictJson.Deserialize(bytes.Span, OciJson.Default.ImageManifest, "image manifest"));
        RequireOwnMediaType(manifest.MediaType, mediaType, "image manifest");
        if (manifest.Layers.Count > MaxLayers)
            throw new FormatException($"the image has {manifest.Layers.Count} layers; {MaxLayers} is the limit");
        RequireSize(manifest.Config);
        RefuseNull(manifest.Layers, "image manifest", "layers");
        foreach (var layer in manifest.Layers)
        {
            RequireSize(layer);
            RefuseLayer(layer);
        }
        return manifest;
    }

    /// <summary>The image index in <paramref name="bytes"/>, announced as <paramref name="mediaType"/>.</summary>
    public static ImageIndex ParseIndex(ReadOnlyMemory<byte> bytes, string mediaType)
    {
        RefuseMediaType(mediaType);
        if (!MediaTypes.IsIndex(mediaType))
            throw new FormatException($"'{mediaType}' is not an image index");
        var index = ParseIndexOfLayout(bytes);
        RequireOwnMediaType(index.MediaType, mediaType, "image index");
        foreach (var manifest in index.Manifests)
        {
            RefuseMediaType(manifest.MediaType);
            if (MediaTypes.IsIndex(manifest.MediaType))
                throw new FormatException(
                    $"the image index holds another index, {manifest.Digest}; depth 1 is the limit"
                );
        }
        return index;
    }

    /// <summary>An <c>index.json</c> of an image layout, whose entries may be manifests and indexes alike.</summary>
    public static ImageIndex ParseIndexOfLayout(ReadOnlyMemory<byte> bytes)
    {
        using var document = StrictJson.Parse(bytes, "image index");
        var root = RequireSchema2(document.RootElement, "image index");
        if (root.TryGetProperty("layers", out _) || root.TryGetProperty("config", out _))
            throw new FormatException("the image index also has 'layers' or 'config': it is ambiguous");
        RefuseForeignDigests(root);
        var index = Bind(() => StrictJson.Deserialize(bytes.Span, OciJson.Default.ImageIndex, "image index"));
        RefuseNull(index.Manifests, "image index", "manifests");
        foreach (var manifest in index.Manifests)
            RequireSize(manifest);
        return index;
    }

    /// <summary>The image config in <paramref name="bytes"/>, checked against the layers of its manifest.</summary>
    public static ImageConfig ParseConfig(ReadOnlyMemory<byte> bytes, ImageManifest manifest)
    {
        using var document = StrictJson.Parse(bytes, "image config");
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new FormatException("the image config is not a JSON object");
        var config = Bind(() => StrictJson.Deserialize(bytes.Span, OciConfigJson.Default.ImageConfig, "image config"));
        if (config.Rootfs is null || config.Rootfs.Type != "layers" || config.Rootfs.DiffIds is null)
            throw new FormatException("the image config's rootfs is not of type 'layers'");
        if (config.Rootfs.DiffIds.Count != manifest.Layers.Count)
        {
            throw new FormatException(
                $"the image config names {config.Rootfs.DiffIds.Count} diff_ids for {manifest.Layers.Count} layers"
            );
        }
        if (string.IsNullOrEmpty(config.Os) || string.IsNullOrEmpty(config.Architecture))
            throw new FormatException("the image config does not say its os and architecture");
        RefuseNull(config.Config?.Env, "image config", "Env");
        RefuseNull(config.Config?.Entrypoint, "image config", "Entrypoint");
        RefuseNull(config.Config?.Cmd, "image config", "Cmd");
        RefuseNull(config.Config?.Labels?.Values, "image config", "Labels");
        return config;
    }

    /// <summary>Refuses a layer that can't be unpacked to a root filesystem: only tar, gzip and zstd are taken.</summary>
    public static void RequireRunnableLayer(Descriptor layer)
    {
        if (MediaTypes.CompressionOf(layer.MediaType) is null)
            throw new FormatException(
                $"layer {layer.Digest} has the media type '{layer.MediaType}', not a tar layer's"
            );
    }

    /// <summary>Whether <paramref name="mediaType"/> is an image config's.</summary>
    public static bool IsConfig(string mediaType) => mediaType is MediaTypes.ImageConfig or MediaTypes.DockerConfig;

    private static JsonElement RequireSchema2(JsonElement root, string what)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new FormatException($"the {what} is not a JSON object");
        if (
            root.TryGetProperty("fsLayers", out _)
            || (
                root.TryGetProperty("schemaVersion", out var v)
                && v.ValueKind == JsonValueKind.Number
                && v.GetRawText() == "1"
            )
        )
        {
            throw new FormatException(
                "the image is Docker schema 1, which names its content without a config; convert it with skopeo copy --format oci"
            );
        }
        if (
            !root.TryGetProperty("schemaVersion", out var version)
            || version.ValueKind != JsonValueKind.Number
            || version.GetRawText() != "2"
        )
            throw new FormatException($"the {what}'s schemaVersion is not 2");
        return root;
    }

    private static void RequireOwnMediaType(string? own, string announced, string what)
    {
        if (own is not null && own != announced)
            throw new FormatException($"the {what} says '{own}' where its descriptor says '{announced}'");
    }

    // The serializer holds members to their nullability, but not what lists and maps contain.
    private static void RefuseNull<T>(IEnumerable<T>? items, string what, string member)
        where T : class
    {
        if (items?.Any(item => item is null) == true)
            throw new FormatException($"the {what} has a null in '{member}'");
    }

    private static void RequireSize(Descriptor descriptor)
    {
        if (descriptor.Size < 0)
            throw new FormatException($"the descriptor of {descriptor.Digest} has a negative size");
    }

    private static void RefuseMediaType(string mediaType)
    {
        if (mediaType.StartsWith("application/vnd.docker.distribution.manifest.v1+", StringComparison.Ordinal))
            throw new FormatException("the image is Docker schema 1; convert it with skopeo copy --format oci");
    }

    private static void RefuseLayer(Descriptor layer)
    {
        if (
            layer.MediaType.Contains("nondistributable", StringComparison.Ordinal)
            || layer.MediaType.Contains(".foreign.", StringComparison.Ordinal)
        )
            throw new FormatException(
                $"layer {layer.Digest} is a foreign layer ('{layer.MediaType}'), whose content is elsewhere"
            );
        if (layer.Urls is { Count: > 0 })
            throw new FormatException($"layer {layer.Digest} has 'urls': its content is elsewhere");
        if (layer.MediaType.EndsWith("+encrypted", StringComparison.Ordinal))
            throw new FormatException(
                $"layer {layer.Digest} is encrypted ('{layer.MediaType}'), so nobody could say what runs"
            );
    }

    private static void RefuseForeignDigests(JsonElement root)
    {
        if (root.TryGetProperty("config", out var config))
            RefuseForeignDigest(config);
        foreach (var list in (ReadOnlySpan<string>)["layers", "manifests"])
        {
            if (!root.TryGetProperty(list, out var descriptors) || descriptors.ValueKind != JsonValueKind.Array)
                continue;
            foreach (var descriptor in descriptors.EnumerateArray())
                RefuseForeignDigest(descriptor);
        }
    }

    private static void RefuseForeignDigest(JsonElement descriptor)
    {
        if (
            descriptor.ValueKind != JsonValueKind.Object
            || !descriptor.TryGetProperty("digest", out var digest)
            || digest.ValueKind != JsonValueKind.String
        )
            return;
        var text = digest.GetString()!;
        var algorithm = text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? text[..colon] : text;
        if (algorithm != "sha256")
            throw new FormatException(
                $"a descriptor uses the digest algorithm '{Shown(algorithm)}'; sha256 is the only one"
            );
    }

    private static string Shown(string text) => text.Length <= 32 ? text : text[..32] + "…";

    // A record that doesn't bind is the document's fault, whoever notices it.
    private static T Bind<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (JsonException error)
        {
            throw new FormatException(error.Message, error);
        }
    }
}
