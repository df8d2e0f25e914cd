namespace Trust.Attestations;

/// <summary>Predicate types of in-toto statements that this stack knows. Others are kept, and a policy can require them.</summary>
public static class PredicateTypes
{
    /// <summary>This bundle is released under this name and version.</summary>
    public const string Release = "https://verified-container.org/v1/release";

    /// <summary>Somebody reviewed it.</summary>
    public const string Review = "https://verified-container.org/v1/review";

    /// <summary>Where its source is.</summary>
    public const string Source = "https://verified-container.org/v1/source";

    /// <summary>SLSA provenance v1.</summary>
    public const string SlsaProvenance = "https://slsa.dev/provenance/v1";

    /// <summary>An SPDX 2.3 document.</summary>
    public const string Spdx = "https://spdx.dev/Document/v2.3";

    /// <summary>A CycloneDX document.</summary>
    public const string CycloneDx = "https://cyclonedx.org/bom";

    /// <summary>What the type is called in a sentence; the type itself where it is unknown.</summary>
    public static string NameOf(string predicateType) =>
        predicateType switch
        {
            Release => "release",
            Review => "review",
            Source => "source",
            SlsaProvenance => "SLSA provenance",
            Spdx => "SPDX SBOM",
            CycloneDx => "CycloneDX SBOM",
            _ => predicateType,
        };
}
