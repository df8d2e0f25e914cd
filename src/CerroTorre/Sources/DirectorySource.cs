using CerroTorre.Bundles;
using CerroTorre.Packages;
using CerroTorre.Rootfs;
using Oci;
using Oci.Image;

namespace CerroTorre.Sources;

/// <summary>A root filesystem in a directory, made an image of one gzip layer.</summary>
internal sealed class DirectorySource(string blob) : ImageSource
{
    public static async Task<ImageSource> ReadAsync(
        SourceSpec spec,
        SourceOptions options,
        CancellationToken cancellationToken
    )
    {
        if (!Directory.Exists(spec.Path))
            throw new Oci.Errors.PublicError(
                Oci.Errors.ErrorId.NotFound,
                $"there is no directory '{ShownText.Of(spec.Path, 300)}'"
            );
        var blob = Path.Combine(options.WorkDirectory, "layer.tar.gz");
        BuiltLayer layer;
        await using (var output = File.Create(blob, bufferSize: 1024 * 1024))
        {
            layer = await new LayerBuilder(options.Created) { Progress = options.Progress }.BuildAsync(
                spec.Path,
                output,
                cancellationToken
            );
        }
        var image = MadeImage.Of(
            MadeImage.ConfigOf(options.Platform ?? PlatformOf.Host, options.Created, options.Execution, layer.DiffId),
            [
                new Descriptor
                {
                    MediaType = MediaTypes.LayerGzip,
                    Digest = layer.Blob,
                    Size = layer.Size,
                },
            ]
        );
        return new DirectorySource(blob)
        {
            Tree = await image.ToTreeAsync(cancellationToken),
            Origin = layer.DiffId,
            Suggested = new SuggestedName(NameOf(spec.Path), null),
            Notes = [.. layer.Skipped.Select(path => $"left out: {ShownText.Of(path, 200)} is a socket")],
        };
    }

    public override ValueTask<Stream> OpenLayerAsync(Descriptor layer, CancellationToken cancellationToken) =>
        ValueTask.FromResult<Stream>(
            new FileStream(blob, new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan })
        );

    private static string? NameOf(string path)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        return ImageReference.IsRepositoryPath(name) ? name : null;
    }
}
