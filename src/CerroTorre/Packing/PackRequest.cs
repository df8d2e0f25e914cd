using CerroTorre.Sources;
using CerroTorre.Statements;
using Oci.Image;
using Trust.Attestations;
using Trust.Keys;

namespace CerroTorre.Packing;

/// <summary>What is to be packed, and how.</summary>
/// <param name="Source">Where the image comes from.</param>
/// <param name="Output">The bundle to be written.</param>
public sealed record PackRequest(SourceSpec Source, string Output)
{
    /// <summary>Package name; null takes what the source suggests.</summary>
    public string? Name { get; init; }

    /// <summary>Package version; null takes the source's tag.</summary>
    public string? Version { get; init; }

    /// <summary>The time that the package says; null takes the image config's, else 1970.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>The one platform to pack, or null for all that the source has.</summary>
    public Platform? Platform { get; init; }

    /// <summary>One line about the package.</summary>
    public string? Description { get; init; }

    /// <summary>Its licence, an SPDX expression.</summary>
    public string? License { get; init; }

    /// <summary>Where its source lives.</summary>
    public string? SourceUrl { get; init; }

    /// <summary>Whatever else is to be said.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>What a <c>dir:</c> image executes.</summary>
    public ExecutionConfig Execution { get; init; } = new();

    /// <summary>Who signs, or null for an unsigned bundle (which no policy but a lax one lets run).</summary>
    public SigningKey? Key { get; init; }

    /// <summary>The signature suite.</summary>
    public string Suite { get; init; } = Suites.Ed25519;

    /// <summary>An SBOM that replaces the one that would be made, or null.</summary>
    public GivenPredicate? Sbom { get; init; }

    /// <summary>Provenance that replaces the one that would be made, or null.</summary>
    public GivenPredicate? Provenance { get; init; }

    /// <summary>Told what is going on, or null.</summary>
    public IProgress<PackProgress>? Progress { get; init; }
}

/// <summary>A step of packing or signing.</summary>
/// <param name="Step">What is being done, for people.</param>
/// <param name="Bytes">Bytes done since the last report.</param>
public readonly record struct PackProgress(string Step, long Bytes);

/// <summary>What was packed.</summary>
/// <param name="Path">The bundle.</param>
/// <param name="Head">Its head, as a reader would find it.</param>
/// <param name="BundleDigest">SHA-256 of the file.</param>
/// <param name="Size">Its size.</param>
/// <param name="Packages">How many packages the SBOM lists; null where none was made.</param>
/// <param name="Notes">What was left out, for people.</param>
public sealed record PackResult(
    string Path,
    Bundles.BundleHead Head,
    Oci.Digest BundleDigest,
    long Size,
    int? Packages,
    IReadOnlyList<string> Notes
);
