using System.Text.Json.Serialization;
using CerroTorre.Bundles;
using CerroTorre.Layers;
using CerroTorre.Packages;
using Oci;
using Oci.Errors;
using Oci.Image;
using Oci.Json;

namespace CerroTorre.Sources;

/// <summary>
/// What <c>docker save</c> writes, old or with an OCI layout beside (Docker 25 and later): both have
/// <c>manifest.json</c>, which names a config and layers by path. There is no image manifest in it that a digest could
/// be kept of, so one is made, in OCI form; config and layers stay as they are.
/// </summary>
internal sealed class DockerArchiveSource(SourceFiles files, IReadOnlyDictionary<Digest, string> layers) : ImageSource
{
    public static async Task<ImageSource> ReadAsync(
        SourceSpec spec,
        SourceOptions options,
        CancellationToken cancellationToken
    )
    {
        SourceFiles files = Directory.Exists(spec.Path)
            ? new DirectoryFiles(spec.Path)
            : await ArchiveFiles.OpenAsync(spec.Path, options, cancellationToken);
        try
        {
            // 1. The entry of manifest.json that the tag names, or the only one.
            var list = StrictJson.Deserialize(
                await files.ReadAsync("manifest.json", "manifest.json", BundleLimits.Document, cancellationToken),
                DockerArchiveJson.Default.IReadOnlyListDockerArchiveImage,
                "manifest.json"
            );
            var image = Choose(list, spec);

            // 2. Each layer's digest: nothing in the archive says it.
            var paths = new Dictionary<Digest, string>();
            var descriptors = new List<Descriptor>();
            foreach (var path in image.Layers)
            {
                var layer = await DescribeAsync(files, path, cancellationToken);
                paths[layer.Digest] = path;
                descriptors.Add(layer);
            }

            // 3. A manifest around them.
            var config = await files.ReadAsync(
                image.Config,
                "the image config",
                BundleLimits.Document,
                cancellationToken
            );
            var tree = await MadeImage.Of(config, descriptors).ToTreeAsync(cancellationToken);
            if (options.Platform is { } wanted && tree.ImageFor(wanted) is null)
            {
                throw new PublicError(
                    ErrorId.NotFound,
                    $"the image is for {ShownText.Of(tree.Images[0].Platform.ToString(), 80)}, not for {ShownText.Of(wanted.ToString(), 80)}"
                );
            }
            return new DockerArchiveSource(files, paths)
            {
                Tree = tree,
                Origin = Digest.Of(config),
                Suggested = SuggestedName.Of(spec.Tag ?? (image.RepoTags is [var first, ..] ? first : null)),
            };
        }
        catch
        {
            await files.DisposeAsync();
            throw;
        }
    }

    public override ValueTask<Stream> OpenLayerAsync(Descriptor layer, CancellationToken cancellationToken) =>
        ValueTask.FromResult(files.Open(layers[layer.Digest], $"layer {layer.Digest}"));

    public override async ValueTask DisposeAsync()
    {
        await files.DisposeAsync();
        await base.DisposeAsync();
    }

    private static DockerArchiveImage Choose(IReadOnlyList<DockerArchiveImage> images, SourceSpec spec)
    {
        var matching = spec.Tag is null
            ? images
            : [.. images.Where(image => image.RepoTags?.Contains(spec.Tag) == true)];
        if (matching is [var only])
            return only;
        var names = string.Join(
            ", ",
            images.SelectMany(image => image.RepoTags ?? ["(no name)"]).Select(n => ShownText.Of(n, 100))
        );
        throw new PublicError(
            ErrorId.Usage,
            images.Count == 0 ? $"{spec.Path} holds no image"
                : spec.Tag is null ? $"{spec.Path} holds {images.Count} images; say which: {names}"
                : $"{spec.Path} has no image '{ShownText.Of(spec.Tag, 100)}'; it has {names}",
            $"ct pack docker-archive:{spec.Path}:NAME:TAG -o FILE"
        );
    }

    private static async Task<Descriptor> DescribeAsync(
        SourceFiles files,
        string path,
        CancellationToken cancellationToken
    )
    {
        await using var content = files.Open(path, "a layer");
        var compression = await LayerStreams.DetectAsync(content, cancellationToken);
        var size = content.Length;
        var digest = await BlobCopy.CopyAsync(content, size, Stream.Null, null, null, cancellationToken);
        return new Descriptor
        {
            MediaType = compression switch
            {
                LayerCompression.None => MediaTypes.LayerTar,
                LayerCompression.Gzip => MediaTypes.LayerGzip,
                LayerCompression.Zstd => MediaTypes.LayerZstd,
                _ => throw new InvalidOperationException($"{compression} is no compression."),
            },
            Digest = digest ?? throw new FormatException($"{ShownText.Of(path, 200)} is cut off"),
            Size = size,
        };
    }
}

/// <summary>One entry of an archive's <c>manifest.json</c>.</summary>
internal sealed record DockerArchiveImage
{
    public required string Config { get; init; }
    public IReadOnlyList<string>? RepoTags { get; init; }
    public required IReadOnlyList<string> Layers { get; init; }
}

/// <summary>Reads <c>manifest.json</c>.</summary>
[JsonSourceGenerationOptions(AllowDuplicateProperties = false, MaxDepth = 64)]
[JsonSerializable(typeof(IReadOnlyList<DockerArchiveImage>))]
internal sealed partial class DockerArchiveJson : JsonSerializerContext;
