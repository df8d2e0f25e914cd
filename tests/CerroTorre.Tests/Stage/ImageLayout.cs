using System.Text;
using System.Text.Json.Nodes;
using CerroTorre.Sources;
using Oci;
using Oci.Image;
using Oci.Layout;

namespace CerroTorre.Tests.Stage;

/// <summary>An OCI layout on disk, made by hand, with whatever is to be tried in it.</summary>
internal sealed class ImageLayout
{
    private readonly string _path;
    private readonly JsonArray _entries = [];

    public ImageLayout(string path)
    {
        _path = path;
        Directory.CreateDirectory(Path.Combine(path, "blobs", "sha256"));
        File.WriteAllBytes(Path.Combine(path, OciLayout.MarkerName), OciLayout.Marker.ToArray());
    }

    /// <summary>Stores a blob and describes it.</summary>
    public JsonObject Blob(string mediaType, byte[] content)
    {
        var digest = Digest.Of(content);
        File.WriteAllBytes(Path.Combine(_path, OciLayout.BlobPath(digest)), content);
        return new JsonObject
        {
            ["mediaType"] = mediaType,
            ["digest"] = digest.ToString(),
            ["size"] = content.Length,
        };
    }

    public JsonObject Document(string mediaType, JsonNode json) =>
        Blob(mediaType, Encoding.UTF8.GetBytes(json.ToJsonString()));

    /// <summary>An image for a platform with one file, and what <paramref name="change"/> makes of its manifest.</summary>
    public async Task<JsonObject> ImageAsync(string platform, Action<JsonObject>? change = null, bool isDocker = false)
    {
        var (layer, diffId) = await SmallBundle.LayerAsync(("platform", platform));
        var of = Bundles.PlatformOfText(platform);
        var config = MadeImage.ConfigOf(of, SmallBundle.Time, new ExecutionConfig(), diffId);
        var type = isDocker ? MediaTypes.DockerManifest : MediaTypes.ImageManifest;
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = type,
            ["config"] = Blob(isDocker ? MediaTypes.DockerConfig : MediaTypes.ImageConfig, config),
            ["layers"] = new JsonArray(Blob(isDocker ? MediaTypes.DockerLayerGzip : MediaTypes.LayerGzip, layer)),
        };
        change?.Invoke(manifest);
        var descriptor = Document(type, manifest);
        descriptor["platform"] = new JsonObject { ["architecture"] = of.Architecture, ["os"] = of.Os };
        return descriptor;
    }

    /// <summary>An index over these manifests.</summary>
    public JsonObject Index(params JsonObject[] manifests) =>
        Document(
            MediaTypes.ImageIndex,
            new JsonObject
            {
                ["schemaVersion"] = 2,
                ["mediaType"] = MediaTypes.ImageIndex,
                ["manifests"] = new JsonArray([.. manifests.Select(m => m.DeepClone())]),
            }
        );

    /// <summary>Puts an image into <c>index.json</c>.</summary>
    public ImageLayout Add(JsonObject descriptor, string? tag = null)
    {
        descriptor = (JsonObject)descriptor.DeepClone();
        if (tag is not null)
            descriptor["annotations"] = new JsonObject { [OciLayout.RefNameAnnotation] = tag };
        _entries.Add((JsonNode)descriptor);
        var index = new JsonObject { ["schemaVersion"] = 2, ["manifests"] = _entries.DeepClone() };
        File.WriteAllText(Path.Combine(_path, OciLayout.IndexName), index.ToJsonString());
        return this;
    }

    private static class Bundles
    {
        public static Platform PlatformOfText(string text) => CerroTorre.Bundles.PlatformOf.Parse(text);
    }
}
