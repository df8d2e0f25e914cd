using Oci;

namespace Vordr.Images;

/// <summary>Asks which images are stored.</summary>
/// <param name="Caller">Who asks.</param>
public sealed record ImagesRequest(Caller Caller);

/// <summary>A stored image, once for each bundle that vouches for it.</summary>
/// <param name="Name">The package's name.</param>
/// <param name="Version">The package's version.</param>
/// <param name="BundleDigest">Digest of the bundle.</param>
/// <param name="ImageDigest">Digest of the root.</param>
/// <param name="Platform">The platform that runs here.</param>
/// <param name="Size">Sum of its layers' sizes as stored in blobs.</param>
/// <param name="Created">The image's own time of creation, or null.</param>
/// <param name="Loaded">When it came in.</param>
public sealed record ImageSummary(
    string Name,
    string Version,
    Digest BundleDigest,
    Digest ImageDigest,
    string Platform,
    long Size,
    DateTimeOffset? Created,
    DateTimeOffset Loaded
);
