using Oci;
using Oci.Image;

namespace CerroTorre.Bundles;

/// <summary>Gives the bytes of one announced document (index, manifest, config); called in the bundle's blob order.</summary>
internal delegate ValueTask<ReadOnlyMemory<byte>> DocumentReader(
    Descriptor descriptor,
    CancellationToken cancellationToken
);

/// <summary>
/// A root and everything that it names: the image index if it is one, manifests, configs, and the layers that are
/// announced. Reading it asks for documents in the order in which a bundle holds them (bundle.md, "Layout", row 5), so
/// one walk serves the writer, which may take any order, and the reader, which has only this one.
/// </summary>
public sealed record ImageTree
{
    /// <summary>Descriptor of the root.</summary>
    public required Descriptor Root { get; init; }

    /// <summary>The index, or null when the root is a manifest.</summary>
    public ImageIndex? Index { get; init; }

    /// <summary>The images, in the order of the index.</summary>
    public required IReadOnlyList<BundleImage> Images { get; init; }

    /// <summary>Index, manifests and configs as blobs, in bundle order, each once.</summary>
    public required IReadOnlyList<Document> Documents { get; init; }

    /// <summary>Layers in bundle order (by first use), each once, without those that are a document as well.</summary>
    public required IReadOnlyList<Descriptor> Layers { get; init; }

    /// <summary>One document of an image.</summary>
    /// <param name="Descriptor">Its descriptor.</param>
    /// <param name="Bytes">Its bytes, which have that digest.</param>
    public sealed record Document(Descriptor Descriptor, ReadOnlyMemory<byte> Bytes);

    /// <summary>Images that can be run.</summary>
    public IEnumerable<BundleImage> Runnable => Images.Where(image => image.IsRunnable);

    /// <summary>The first runnable image that serves <paramref name="platform"/>, or null.</summary>
    public BundleImage? ImageFor(Platform platform) =>
        Runnable.FirstOrDefault(image => PlatformOf.Serves(image.Platform, platform));

    /// <summary>Reads the tree below <paramref name="root"/>.</summary>
    /// <exception cref="FormatException">The image can't be carried; the message says why.</exception>
    internal static async Task<ImageTree> ReadAsync(
        Descriptor root,
        DocumentReader read,
        CancellationToken cancellationToken
    )
    {
        var documents = new DocumentSet(read);

        // 1. The root, and the manifests that it names.
        ImageIndex? index = null;
        IReadOnlyList<Descriptor> manifests = [root];
        var rootBytes = await documents.ReadAsync(root, cancellationToken);
        if (MediaTypes.IsIndex(root.MediaType))
        {
            index = ImageDocuments.ParseIndex(rootBytes, root.MediaType);
            manifests = index.Manifests;
            if (manifests.Count > BundleLimits.Manifests)
            {
                throw new FaultException(
                    BundleFault.TooManyManifests,
                    $"the image index names {manifests.Count} manifests; {BundleLimits.Manifests} is the limit"
                );
            }
        }

        // 2. All manifests, then all configs.
        var parsed = new List<(Descriptor Descriptor, ReadOnlyMemory<byte> Bytes, ImageManifest Manifest)>();
        foreach (var descriptor in manifests)
        {
            var bytes = await documents.ReadAsync(descriptor, cancellationToken);
            parsed.Add((descriptor, bytes, ImageDocuments.ParseManifest(bytes, descriptor.MediaType)));
        }
        var images = new List<BundleImage>();
        foreach (var (descriptor, bytes, manifest) in parsed)
        {
            var config = await documents.ReadAsync(manifest.Config, cancellationToken);
            images.Add(ImageOf(descriptor, bytes, manifest, config, isRoot: index is null));
        }
        if (!images.Any(image => image.IsRunnable))
            throw new FaultException(BundleFault.ImageMalformed, "the image index holds no image that could be run");

        // 3. What the layers will be.
        return new ImageTree
        {
            Root = root,
            Index = index,
            Images = images,
            Documents = documents.InOrder,
            Layers = LayersOf(images, documents),
        };
    }

    private static BundleImage ImageOf(
        Descriptor descriptor,
        ReadOnlyMemory<byte> manifestBytes,
        ImageManifest manifest,
        ReadOnlyMemory<byte> configBytes,
        bool isRoot
    )
    {
        var image = new BundleImage
        {
            Descriptor = descriptor,
            ManifestBytes = manifestBytes,
            Manifest = manifest,
            ConfigBytes = configBytes,
            Platform = new Platform("unknown", "unknown"),
        };
        if (IsOnlyCarried(descriptor, manifest))
        {
            return isRoot
                ? throw new FaultException(
                    BundleFault.ImageMalformed,
                    $"the manifest is not an image's: its config is '{Packages.ShownText.Of(manifest.Config.MediaType, 120)}'"
                )
                : image;
        }
        foreach (var layer in manifest.Layers)
            ImageDocuments.RequireRunnableLayer(layer);
        var config = ImageDocuments.ParseConfig(configBytes, manifest);
        return image with
        {
            Config = config,
            Platform = descriptor.Platform ?? new Platform(config.Architecture, config.Os, config.Variant),
        };
    }

    // What buildx adds beside images (provenance, SBOMs) says unknown/unknown; other artifacts have configs of their own.
    private static bool IsOnlyCarried(Descriptor descriptor, ImageManifest manifest) =>
        descriptor.Platform is { Os: "unknown" } or { Architecture: "unknown" }
        || !ImageDocuments.IsConfig(manifest.Config.MediaType);

    private static List<Descriptor> LayersOf(List<BundleImage> images, DocumentSet documents)
    {
        var layers = new List<Descriptor>();
        var sizes = new Dictionary<Digest, long>();
        foreach (var layer in images.SelectMany(image => image.Manifest.Layers))
        {
            if (documents.SizeOf(layer.Digest) is { } size || sizes.TryGetValue(layer.Digest, out size))
            {
                DocumentSet.RequireSameSize(layer, size);
                continue;
            }
            if (layer.Size > BundleLimits.Blob)
            {
                throw new FaultException(
                    BundleFault.BlobTooLarge,
                    $"layer {layer.Digest} has {layer.Size} bytes; a bundle holds blobs below 8 GiB"
                );
            }
            sizes.Add(layer.Digest, layer.Size);
            layers.Add(layer);
        }
        return layers;
    }

    /// <summary>Documents that were read, each once, within their limits.</summary>
    private sealed class DocumentSet(DocumentReader read)
    {
        private readonly Dictionary<Digest, Document> _seen = [];
        private readonly List<Document> _inOrder = [];
        private long _total;

        public IReadOnlyList<Document> InOrder => _inOrder;

        public long? SizeOf(Digest digest) =>
            _seen.TryGetValue(digest, out var document) ? document.Descriptor.Size : null;

        public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(
            Descriptor descriptor,
            CancellationToken cancellationToken
        )
        {
            if (_seen.TryGetValue(descriptor.Digest, out var known))
            {
                RequireSameSize(descriptor, known.Descriptor.Size);
                return known.Bytes;
            }
            if (descriptor.Size > BundleLimits.Document)
            {
                throw new FaultException(
                    BundleFault.DocumentTooLarge,
                    $"{descriptor.Digest} ({Packages.ShownText.Of(descriptor.MediaType, 120)}) has {descriptor.Size} bytes; "
                        + $"{BundleLimits.Document} is the limit for a manifest or config"
                );
            }
            _total += descriptor.Size;
            if (_total > BundleLimits.AllDocuments)
            {
                throw new FaultException(
                    BundleFault.DocumentsTooLarge,
                    $"manifests and configs have more than {BundleLimits.AllDocuments} bytes together"
                );
            }
            var document = new Document(descriptor, await read(descriptor, cancellationToken));
            _seen.Add(descriptor.Digest, document);
            _inOrder.Add(document);
            return document.Bytes;
        }

        public static void RequireSameSize(Descriptor descriptor, long size)
        {
            if (descriptor.Size != size)
            {
                throw new FaultException(
                    BundleFault.SizeConflict,
                    $"two descriptors give {descriptor.Digest} {size} and {descriptor.Size} bytes"
                );
            }
        }
    }
}
