using System.Globalization;
using System.Text.Json.Nodes;
using CerroTorre.Bundles;
using Oci;
using Oci.Image;
using Oci.Json;

namespace CerroTorre.Sources;

/// <summary>An OCI manifest of our own making, for sources that come without one. Canonical JSON, so always the same.</summary>
/// <param name="ManifestBytes">The manifest.</param>
/// <param name="ConfigBytes">The config.</param>
internal sealed record MadeImage(byte[] ManifestBytes, byte[] ConfigBytes)
{
    /// <summary>The image of this config and these layers.</summary>
    public static MadeImage Of(byte[] config, IReadOnlyList<Descriptor> layers) =>
        new(
            CanonicalJson.Write(
                new JsonObject
                {
                    ["schemaVersion"] = 2,
                    ["mediaType"] = MediaTypes.ImageManifest,
                    ["config"] = JsonOf(DescriptorOf(MediaTypes.ImageConfig, config)),
                    ["layers"] = new JsonArray([.. layers.Select(JsonOf)]),
                }
            ),
            config
        );

    /// <summary>The config of an image with one layer.</summary>
    public static byte[] ConfigOf(Platform platform, DateTimeOffset created, ExecutionConfig execution, Digest diffId)
    {
        var time = created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var config = new JsonObject
        {
            ["created"] = time,
            ["architecture"] = platform.Architecture,
            ["os"] = platform.Os,
            ["config"] = JsonOf(execution),
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(diffId.ToString()) },
            ["history"] = new JsonArray(new JsonObject { ["created"] = time, ["created_by"] = "ct pack dir:" }),
        };
        if (platform.Variant is { } variant)
            config["variant"] = variant;
        return CanonicalJson.Write(config);
    }

    /// <summary>The tree below the manifest.</summary>
    public Task<ImageTree> ToTreeAsync(CancellationToken cancellationToken)
    {
        var root = DescriptorOf(MediaTypes.ImageManifest, ManifestBytes);
        return ImageTree.ReadAsync(
            root,
            (descriptor, _) =>
                ValueTask.FromResult<ReadOnlyMemory<byte>>(
                    descriptor.Digest == root.Digest ? ManifestBytes : ConfigBytes
                ),
            cancellationToken
        );
    }

    private static Descriptor DescriptorOf(string mediaType, byte[] bytes) =>
        new()
        {
            MediaType = mediaType,
            Digest = Digest.Of(bytes),
            Size = bytes.Length,
        };

    private static JsonObject JsonOf(Descriptor descriptor) =>
        new()
        {
            ["mediaType"] = descriptor.MediaType,
            ["digest"] = descriptor.Digest.ToString(),
            ["size"] = descriptor.Size,
        };

    private static JsonObject JsonOf(ExecutionConfig execution)
    {
        var json = new JsonObject();
        if (execution.User is { } user)
            json["User"] = user;
        if (execution.WorkingDir is { } directory)
            json["WorkingDir"] = directory;
        if (execution.StopSignal is { } signal)
            json["StopSignal"] = signal;
        AddList(json, "Env", execution.Env);
        AddList(json, "Entrypoint", execution.Entrypoint);
        AddList(json, "Cmd", execution.Cmd);
        if (execution.ExposedPorts is { Count: > 0 } ports)
            json["ExposedPorts"] = new JsonObject(
                ports.Keys.Select(p => KeyValuePair.Create<string, JsonNode?>(p, new JsonObject()))
            );
        if (execution.Labels is { Count: > 0 } labels)
            json["Labels"] = new JsonObject(labels.Select(l => KeyValuePair.Create<string, JsonNode?>(l.Key, l.Value)));
        return json;
    }

    private static void AddList(JsonObject json, string name, IReadOnlyList<string>? values)
    {
        if (values is { Count: > 0 })
            json[name] = new JsonArray([.. values.Select(value => (JsonNode)value)]);
    }
}
