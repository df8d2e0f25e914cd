using CerroTorre.Bundles;
using CerroTorre.Packages;
using Oci;
using Oci.Errors;
using Oci.Image;
using Oci.Layout;

namespace CerroTorre.Sources;

/// <summary>An image of an OCI layout, in a directory or an archive. Nothing in it is rewritten.</summary>
internal sealed class LayoutSource(SourceFiles files) : ImageSource
{
    private const string ContainerdNameAnnotation = "io.containerd.image.name";
    private const int MaxIndex = BundleLimits.Document;

    public static async Task<ImageSource> ReadAsync(
        SourceFiles files,
        SourceSpec spec,
        SourceOptions options,
        CancellationToken cancellationToken
    )
    {
        try
        {
            // 1. The image that the tag names, or the only one.
            var index = ImageDocuments.ParseIndexOfLayout(
                await files.ReadAsync(OciLayout.IndexName, "index.json", MaxIndex, cancellationToken)
            );
            var chosen = Choose(index.Manifests, spec);

            // 2. The platform's manifest where one is asked for.
            var root = options.Platform is { } platform
                ? await SelectAsync(files, chosen, platform, cancellationToken)
                : new Descriptor
                {
                    MediaType = chosen.MediaType,
                    Digest = chosen.Digest,
                    Size = chosen.Size,
                };

            // 3. Everything below it.
            var tree = await ImageTree.ReadAsync(
                root,
                (d, token) => ReadDocumentAsync(files, d, token),
                cancellationToken
            );
            if (options.Platform is { } wanted && tree.ImageFor(wanted) is null)
                throw NotThere(wanted, tree.Runnable.Select(image => image.Platform));
            return new LayoutSource(files)
            {
                Tree = tree,
                Origin = chosen.Digest,
                Suggested = SuggestedName.Of(NameOf(chosen)),
            };
        }
        catch
        {
            await files.DisposeAsync();
            throw;
        }
    }

    public override ValueTask<Stream> OpenLayerAsync(Descriptor layer, CancellationToken cancellationToken) =>
        ValueTask.FromResult(files.Open(OciLayout.BlobPath(layer.Digest), $"layer {layer.Digest}"));

    public override async ValueTask DisposeAsync()
    {
        await files.DisposeAsync();
        await base.DisposeAsync();
    }

    private static Descriptor Choose(IReadOnlyList<Descriptor> images, SourceSpec spec)
    {
        var matching = spec.Tag is null
            ? images
            : [.. images.Where(image => NameOf(image) == spec.Tag || TagOf(image) == spec.Tag)];
        if (matching is [var only])
            return only;
        var names = string.Join(
            ", ",
            images.Select(image => ShownText.Of(TagOf(image) ?? image.Digest.ToString(), 100))
        );
        throw new PublicError(
            ErrorId.Usage,
            images.Count == 0 ? $"{spec.Path} holds no image"
                : spec.Tag is null ? $"{spec.Path} holds {images.Count} images; say which: {names}"
                : $"{spec.Path} has no image '{ShownText.Of(spec.Tag, 100)}'; it has {names}",
            $"ct pack {spec.Scheme}:{spec.Path}:TAG -o FILE"
        );
    }

    private static async Task<Descriptor> SelectAsync(
        SourceFiles files,
        Descriptor chosen,
        Platform platform,
        CancellationToken cancellationToken
    )
    {
        if (!MediaTypes.IsIndex(chosen.MediaType))
            return new Descriptor
            {
                MediaType = chosen.MediaType,
                Digest = chosen.Digest,
                Size = chosen.Size,
            };
        var index = ImageDocuments.ParseIndex(
            await ReadDocumentAsync(files, chosen, cancellationToken),
            chosen.MediaType
        );
        var manifest =
            index.Manifests.FirstOrDefault(m => m.Platform is { } has && PlatformOf.Serves(has, platform))
            ?? throw NotThere(platform, index.Manifests.Select(m => m.Platform).OfType<Platform>());
        return new Descriptor
        {
            MediaType = manifest.MediaType,
            Digest = manifest.Digest,
            Size = manifest.Size,
        };
    }

    private static async ValueTask<ReadOnlyMemory<byte>> ReadDocumentAsync(
        SourceFiles files,
        Descriptor descriptor,
        CancellationToken cancellationToken
    )
    {
        var what = $"{ShownText.Of(descriptor.MediaType, 120)} {descriptor.Digest}";
        var bytes = await files.ReadAsync(
            OciLayout.BlobPath(descriptor.Digest),
            what,
            BundleLimits.Document,
            cancellationToken
        );
        if (bytes.Length != descriptor.Size || Digest.Of(bytes) != descriptor.Digest)
            throw new FormatException($"{what} does not have the digest and size that name it");
        return bytes;
    }

    private static string? NameOf(Descriptor image) =>
        image.Annotations?.GetValueOrDefault(ContainerdNameAnnotation) ?? TagOf(image);

    private static string? TagOf(Descriptor image) => image.Annotations?.GetValueOrDefault(OciLayout.RefNameAnnotation);

    private static PublicError NotThere(Platform wanted, IEnumerable<Platform> has) =>
        new(
            ErrorId.NotFound,
            $"there is no image for {ShownText.Of(wanted.ToString(), 80)}, only for "
                + string.Join(", ", has.Where(p => p.Os != "unknown").Select(p => ShownText.Of(p.ToString(), 80)))
        );
}
