namespace CerroTorre.Bundles;

/// <summary>
/// How a bundle can fail to be one. Each has a stable name (<see cref="BundleFaults.NameOf"/>) that stands in the
/// message, so that a report says which rule of bundle.md was broken.
/// </summary>
public enum BundleFault
{
    /// <summary>The file ends inside of an entry or before the end blocks.</summary>
    Truncated,

    /// <summary>The first entry isn't <c>summary.json</c>: this is some other file.</summary>
    NotABundle,

    /// <summary>An entry stands where the table of bundle.md has another one, or none.</summary>
    UnexpectedEntry,

    /// <summary>An entry has the expected name, but a header that differs from the one byte form.</summary>
    HeaderMismatch,

    /// <summary>A blob's header gives another size than its descriptor.</summary>
    SizeMismatch,

    /// <summary>Padding or the end blocks hold something.</summary>
    PaddingNotZero,

    /// <summary>Bytes follow the end blocks.</summary>
    TrailingBytes,

    /// <summary><c>summary.json</c> is over its limit.</summary>
    SummaryTooLarge,

    /// <summary><c>manifest.toml</c> is over its limit.</summary>
    PackageManifestTooLarge,

    /// <summary><c>index.json</c> is over its limit.</summary>
    IndexTooLarge,

    /// <summary><c>attestations.json</c> is over its limit.</summary>
    AttestationsTooLarge,

    /// <summary>An image index, manifest or config is over its limit.</summary>
    DocumentTooLarge,

    /// <summary>All indexes, manifests and configs together are over their limit.</summary>
    DocumentsTooLarge,

    /// <summary>The image index names too many manifests.</summary>
    TooManyManifests,

    /// <summary>A blob is too large for the format.</summary>
    BlobTooLarge,

    /// <summary>Two descriptors give one digest different sizes.</summary>
    SizeConflict,

    /// <summary><c>oci-layout</c> isn't that of image layout 1.0.0.</summary>
    LayoutMarkerMalformed,

    /// <summary><c>index.json</c> doesn't name exactly one root in the one byte form.</summary>
    IndexMalformed,

    /// <summary>An image index, manifest or config can't be carried; the message says why.</summary>
    ImageMalformed,

    /// <summary><c>attestations.json</c> isn't an attestation set in canonical form.</summary>
    AttestationsMalformed,

    /// <summary><c>manifest.toml</c> isn't a package manifest.</summary>
    PackageManifestMalformed,

    /// <summary><c>summary.json</c> isn't what the rest of the bundle gives.</summary>
    SummaryMismatch,

    /// <summary><c>manifest.toml</c> names another root than <c>index.json</c>.</summary>
    RootMismatch,

    /// <summary>A blob doesn't have the digest that names it.</summary>
    DigestMismatch,
}

/// <summary>Names of faults.</summary>
public static class BundleFaults
{
    /// <summary>The stable name, in kebab case: <c>summary-too-large</c>.</summary>
    public static string NameOf(BundleFault fault) =>
        string.Concat(
            fault
                .ToString()
                .Select((c, i) => char.IsAsciiLetterUpper(c) ? (i == 0 ? "" : "-") + char.ToLowerInvariant(c) : $"{c}")
        );
}

/// <summary>A fault on its way to whoever gives it a face: the reader a verdict, <c>pack</c> a usage error.</summary>
internal sealed class FaultException(BundleFault fault, string reason) : FormatException(reason)
{
    public BundleFault Fault { get; } = fault;
}
