using CerroTorre.Bundles;
using Oci;
using Oci.Errors;
using Oci.Image;

namespace CerroTorre.Sources;

/// <summary>An image that can be packed: its tree, and its layers' bytes.</summary>
internal abstract class ImageSource : IAsyncDisposable
{
    /// <summary>The root and what it names.</summary>
    public required ImageTree Tree { get; init; }

    /// <summary>Digest of what was given, for the provenance: of a layout or archive the root it held.</summary>
    public required Digest Origin { get; init; }

    /// <summary>What the source calls its image, as far as it does.</summary>
    public SuggestedName Suggested { get; init; } = new(null, null);

    /// <summary>Things that were left out, for people.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Opens a layer from its start.</summary>
    public abstract ValueTask<Stream> OpenLayerAsync(Descriptor layer, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Opens what <paramref name="spec"/> names.</summary>
    public static async Task<ImageSource> OpenAsync(
        SourceSpec spec,
        SourceOptions options,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return spec.Kind switch
            {
                SourceKind.Directory => await DirectorySource.ReadAsync(spec, options, cancellationToken),
                SourceKind.OciDirectory => await LayoutSource.ReadAsync(
                    new DirectoryFiles(spec.Path),
                    spec,
                    options,
                    cancellationToken
                ),
                SourceKind.OciArchive => await LayoutSource.ReadAsync(
                    await ArchiveFiles.OpenAsync(spec.Path, options, cancellationToken),
                    spec,
                    options,
                    cancellationToken
                ),
                SourceKind.DockerArchive => await DockerArchiveSource.ReadAsync(spec, options, cancellationToken),
                _ => throw new InvalidOperationException($"{spec.Kind} is no source kind."),
            };
        }
        catch (FormatException error)
        {
            throw new PublicError(ErrorId.BundleMalformed, $"{spec.Path} can't be packed: {error.Message}", error);
        }
        catch (InvalidDataException error)
        {
            throw new PublicError(ErrorId.BundleMalformed, $"{spec.Path} is damaged, or not a tar archive", error);
        }
    }
}

/// <summary>Name and version that a source suggests; null where it doesn't.</summary>
/// <param name="Name">An OCI repository path.</param>
/// <param name="Version">An OCI tag.</param>
internal sealed record SuggestedName(string? Name, string? Version)
{
    /// <summary>What a reference or a bare tag, as archives hold it, suggests.</summary>
    public static SuggestedName Of(string? reference)
    {
        if (reference is null)
            return new(null, null);
        if (ImageReference.IsTag(reference) && !reference.Contains('/', StringComparison.Ordinal))
            return new(null, reference);
        if (!ImageReference.TryParse(reference, out var parsed))
            return new(null, null);
        const string official = "library/";
        var name = parsed.Repository.StartsWith(official, StringComparison.Ordinal)
            ? parsed.Repository[official.Length..]
            : parsed.Repository;
        return new(name, parsed.Tag);
    }
}

/// <summary>How a source is to be read.</summary>
/// <param name="WorkDirectory">An empty directory that the caller removes afterwards.</param>
internal sealed record SourceOptions(string WorkDirectory)
{
    /// <summary>The one platform to pack, or null for all that the source has.</summary>
    public Platform? Platform { get; init; }

    /// <summary>Times of a <c>dir:</c> layer are no later than this.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>What a <c>dir:</c> image executes.</summary>
    public ExecutionConfig Execution { get; init; } = new();

    /// <summary>Counts bytes while a <c>dir:</c> layer is made or an archive expanded.</summary>
    public IProgress<long>? Progress { get; init; }
}
