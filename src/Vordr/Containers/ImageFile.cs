using Oci.Errors;
using Oci.Image;
using Oci.Json;
using Vordr.Bundles;
using Vordr.Storage;

namespace Vordr.Containers;

/// <summary>The config of a stored image.</summary>
internal static class ImageFile
{
    // bundle.md, "Limits": a manifest or config.
    private const long Longest = 4 << 20;

    /// <summary>Reads it; its digest is checked again.</summary>
    public static async Task<ImageConfig> ReadAsync(
        ContentStore content,
        BundleRow bundle,
        CancellationToken cancellation
    )
    {
        var bytes = await content.ReadAsync(bundle.Config, Longest, cancellation);
        try
        {
            return StrictJson.Deserialize(bytes, OciConfigJson.Default.ImageConfig, "image config");
        }
        catch (FormatException error)
        {
            throw new PublicError(ErrorId.BundleMalformed, $"The config of {bundle.Reference} is malformed.", error);
        }
    }
}
